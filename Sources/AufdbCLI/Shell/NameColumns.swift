// Names beside each other, as `ls` shows them: down the first column, then down the second.

enum NameColumns {
  /// - Parameter columns: the width of the terminal.
  static func text(_ names: [String], columns: Int) -> String {
    let names = names.map(VisibleText.of)
    let width = (names.map(DisplayWidth.of).max() ?? 0) + 2
    let rowCount = (names.count + max(1, columns / width) - 1) / max(1, columns / width)
    var text = ""
    for row in 0..<rowCount {
      for (place, name) in stride(from: row, to: names.count, by: rowCount).map({ ($0, names[$0]) }) {
        let isLast = place + rowCount >= names.count
        text += name + (isLast ? "\n" : String(repeating: " ", count: width - DisplayWidth.of(name)))
      }
    }
    return text
  }
}
