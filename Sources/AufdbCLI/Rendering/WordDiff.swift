// What changed between two texts, word by word.
//
// The words that both texts begin and end with are set aside, and ShortestEdit finds what to keep of the rest. Where
// that takes too long, because the texts have little in common, or where they are very long, all between the common
// beginning and end counts as changed. Words are equal if their bytes are: "é" has two spellings, and a change from one
// to the other is a change.

/// Two texts in one: what stays, what goes and what comes, in order.
struct WordDiff: Equatable {
  enum Kind {
    case kept, deleted, inserted
  }

  struct Segment: Equatable {
    var kind: Kind
    /// Never empty.
    var text: String
  }

  /// Kept and deleted segments make the old text, kept and inserted ones the new text. No two neighbours are of one
  /// kind, and a deleted segment comes before the inserted one that takes its place.
  let segments: [Segment]

  /// Enough for some seven hundred words that go or come; marks on more than that help nobody to read.
  static let costLimit = 1 << 18
  /// Longer texts, both together, aren't taken apart into words.
  static let byteLimit = 1 << 20

  /// - Parameters: costLimit, byteLimit: see above; smaller ones are for tests.
  init(old: String, new: String, costLimit: Int = Self.costLimit, byteLimit: Int = Self.byteLimit) {
    segments =
      old.utf8.count + new.utf8.count <= byteLimit
      ? Self.segments(Words(old), Words(new), costLimit: costLimit)
      : Self.segments(Array(old.utf8), Array(new.utf8))
  }

  /// Words that both texts keep, or that one has in place of the other's.
  private struct Run {
    var old: Range<Int>
    var new: Range<Int>
    var isKept: Bool
  }

  private static func segments(_ old: Words, _ new: Words, costLimit: Int) -> [Segment] {
    let shorter = min(old.ranges.count, new.ranges.count)
    var start = 0
    while start < shorter, old[start] == new[start] { start += 1 }
    var end = 0
    while end < shorter - start, old[old.ranges.count - 1 - end] == new[new.ranges.count - 1 - end] { end += 1 }
    let oldMiddle = start..<(old.ranges.count - end)
    let newMiddle = start..<(new.ranges.count - end)

    var numbers: [ArraySlice<UInt8>: Int32] = [:]
    func number(_ word: ArraySlice<UInt8>) -> Int32 {
      if let number = numbers[word] { return number }
      numbers[word] = Int32(numbers.count)
      return Int32(numbers.count - 1)
    }
    let kept =
      ShortestEdit.keptPairs(
        oldMiddle.map { number(old[$0]) }, newMiddle.map { number(new[$0]) }, costLimit: costLimit) ?? []
    var runs: [Run] = []
    append(Run(old: 0..<start, new: 0..<start, isKept: true), to: &runs)
    var (oldPlace, newPlace) = (start, start)
    for pair in kept {
      let (oldKept, newKept) = (pair.old + start, pair.new + start)
      append(Run(old: oldPlace..<oldKept, new: newPlace..<newKept, isKept: false), to: &runs)
      append(Run(old: oldKept..<(oldKept + 1), new: newKept..<(newKept + 1), isKept: true), to: &runs)
      (oldPlace, newPlace) = (oldKept + 1, newKept + 1)
    }
    append(Run(old: oldPlace..<oldMiddle.upperBound, new: newPlace..<newMiddle.upperBound, isKept: false), to: &runs)
    append(
      Run(
        old: oldMiddle.upperBound..<old.ranges.count, new: newMiddle.upperBound..<new.ranges.count, isKept: true),
      to: &runs)
    return withoutLoneBlanks(runs, old).flatMap { run in
      run.isKept
        ? [Segment(kind: .kept, text: old.text(run.old))]
        : [Segment(kind: .deleted, text: old.text(run.old)), Segment(kind: .inserted, text: new.text(run.new))]
    }.filter { !$0.text.isEmpty }
  }

  /// Appends a run, or makes the last one longer by it where both are of one kind.
  private static func append(_ run: Run, to runs: inout [Run]) {
    guard !run.old.isEmpty || !run.new.isEmpty else { return }
    guard var last = runs.last, last.isKept == run.isKept else { return runs.append(run) }
    last.old = last.old.lowerBound..<run.old.upperBound
    last.new = last.new.lowerBound..<run.new.upperBound
    runs[runs.count - 1] = last
  }

  /// The same with one replacement of several words where there were several changes with nothing but kept blanks
  /// between them, which nobody can read. Where words only come, or only go, the blanks stay.
  private static func withoutLoneBlanks(_ runs: [Run], _ old: Words) -> [Run] {
    var result: [Run] = []
    for (index, run) in runs.enumerated() {
      var run = run
      if run.isKept, run.old.allSatisfy(old.isBlank), let last = result.last, index + 1 < runs.count {
        let next = runs[index + 1]
        run.isKept = last.old.isEmpty && next.old.isEmpty || last.new.isEmpty && next.new.isEmpty
      }
      append(run, to: &result)
    }
    return result
  }

  /// The common beginning and end of two texts, and what each has between them; code points stay whole.
  private static func segments(_ old: [UInt8], _ new: [UInt8]) -> [Segment] {
    let shorter = min(old.count, new.count)
    func isContinuation(_ bytes: [UInt8], _ place: Int) -> Bool { place < bytes.count && bytes[place] & 0xC0 == 0x80 }
    var start = 0
    while start < shorter, old[start] == new[start] { start += 1 }
    while start > 0, isContinuation(old, start) || isContinuation(new, start) { start -= 1 }
    var end = 0
    while end < shorter - start, old[old.count - 1 - end] == new[new.count - 1 - end] { end += 1 }
    while end > 0, isContinuation(old, old.count - end) { end -= 1 }
    let parts: [(Kind, ArraySlice<UInt8>)] = [
      (.kept, old[..<start]), (.deleted, old[start..<(old.count - end)]), (.inserted, new[start..<(new.count - end)]),
      (.kept, old[(old.count - end)...]),
    ]
    return parts.filter { !$0.1.isEmpty }.map { Segment(kind: $0.0, text: String(decoding: $0.1, as: UTF8.self)) }
  }
}
