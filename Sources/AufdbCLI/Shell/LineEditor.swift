// libedit, as far as the shell needs it (editline(3)).

import CLineEditor
import Glibc

/// A line of a terminal, with editing, a history and completion.
final class LineEditor {
  enum Line {
    case text(String)
    /// Not UTF-8.
    case unreadable
    /// Ctrl-C: the line is gone.
    case interrupted
    /// Ctrl-D on an empty line, or no terminal any more.
    case end
  }

  /// What TAB makes of the line up to the cursor.
  var complete: (String) -> ShellCompletion = { _ in .none }

  private let editor: OpaquePointer
  private let history: OpaquePointer
  private let descriptor: Int32
  private var prompt = strdup("")
  private var isInterrupted = false

  private static let entryCount: Int32 = 10_000
  private static let listedCount = 200

  /// - Parameter descriptor: the terminal to write to: that of standard output, or of standard error.
  /// - Returns: nil where there is no memory, or libedit can't use the terminal.
  init?(writingTo descriptor: Int32) {
    Self.chooseEncoding()
    guard let history = history_init() else { return nil }
    guard let editor = aufdb_editor_make("aufdb", descriptor == STDERR_FILENO ? 1 : 0) else {
      history_end(history)
      return nil
    }
    (self.editor, self.history, self.descriptor) = (editor, history, descriptor)
    aufdb_history_bound(history, Self.entryCount)
    let owner = Unmanaged.passUnretained(self).toOpaque()
    aufdb_editor_set_up(
      editor, history, owner, { LineEditor.owner(of: $0)?.prompt },
      { editor, _ in LineEditor.owner(of: editor)?.completeWord() ?? UInt8(CC_ERROR) },
      { editor, _ in LineEditor.owner(of: editor)?.interrupt() ?? UInt8(CC_ERROR) })
  }

  deinit {
    el_end(editor)
    history_end(history)
    free(prompt)
  }

  private static func owner(of editor: OpaquePointer?) -> LineEditor? {
    aufdb_editor_owner(editor).map { Unmanaged<LineEditor>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Terminals speak UTF-8 also where nobody has set LANG.
  private static func chooseEncoding() {
    setlocale(LC_CTYPE, "")
    guard let name = nl_langinfo(Int32(CODESET)), String(cString: name) != "UTF-8" else { return }
    setlocale(LC_CTYPE, "C.UTF-8")
  }

  /// Adds what Up brings back.
  func remember(_ entry: String) { aufdb_history_enter(history, entry) }

  /// Lets a person type a line.
  func read(prompt: String) -> Line {
    free(self.prompt)
    self.prompt = strdup(prompt)
    isInterrupted = false
    // The window may have changed its size while nobody was typing.
    el_resize(editor)
    var count: Int32 = 0
    guard let line = el_gets(editor, &count) else {
      // A signal has ended the reading, unless there is nothing to read from any more.
      return count < 0 && isatty(STDIN_FILENO) == 1 ? .interrupted : .end
    }
    guard !isInterrupted else { return .interrupted }
    let bytes = line.withMemoryRebound(to: UInt8.self, capacity: Int(count)) {
      UnsafeBufferPointer(start: $0, count: Int(count))
    }
    // What is cut off behind a NUL was no SQL anyway.
    let text = bytes.prefix { $0 != 0 && $0 != 0x0A && $0 != 0x0D }
    return String(validating: text, as: UTF8.self).map { .text($0) } ?? .unreadable
  }

  /// Ends the line, which is then dropped: the newline that is pushed back is the next key.
  private func interrupt() -> UInt8 {
    isInterrupted = true
    el_cursor(editor, Int32.max / 2)
    el_insertstr(editor, "^C")
    el_push(editor, "\n")
    return UInt8(CC_REFRESH)
  }

  private func completeWord() -> UInt8 {
    guard let info = el_line(editor)?.pointee else { return UInt8(CC_ERROR) }
    let line = String(
      decoding: UnsafeRawBufferPointer(start: info.buffer, count: info.cursor - info.buffer), as: UTF8.self)
    var waitingCount: Int32 = 0
    _ = ioctl(STDIN_FILENO, UInt(FIONREAD), &waitingCount)
    // A tab between other characters was pasted, and one at the beginning of a line indents it.
    if waitingCount > 0 || line.allSatisfy({ $0 == " " }) {
      el_insertstr(editor, "  ")
      return UInt8(CC_REFRESH)
    }
    let completion = complete(line)
    if !completion.text.isEmpty {
      el_deletestr(editor, Int32(completion.replacedCount))
      el_insertstr(editor, completion.text)
    }
    guard completion.choices.count > 1 else {
      return UInt8(completion.choices.isEmpty ? CC_REFRESH_BEEP : CC_REFRESH)
    }
    list(completion.choices)
    return UInt8(CC_REDISPLAY)
  }

  /// Shows what a word could become, below the line.
  private func list(_ choices: [String]) {
    let columns = Surroundings.columns(of: descriptor) ?? 80
    var text = "\n" + NameColumns.text(Array(choices.prefix(Self.listedCount)), columns: columns)
    if choices.count > Self.listedCount { text += "... and \(choices.count - Self.listedCount) more\n" }
    // libedit has written out all that it had, or it wouldn't have waited for the key.
    Surroundings.write(text, to: descriptor)
  }
}
