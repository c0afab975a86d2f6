// What a verb may touch outside its arguments: tests put their own in place of the process's.

import Aufdb
import Glibc

/// Where a verb writes, and what it knows of the machine and the moment.
struct Surroundings {
  /// Where data goes.
  var output: StandardOutput
  /// How wide the terminal behind `output` is; nil when it isn't one.
  var terminalColumns: Int?
  /// Takes what goes beside the data, as it is: messages go through `writeError`.
  var writeBeside: (String) -> Void
  /// Whether somebody watches the messages, and so may be shown progress.
  var isErrorTerminal: Bool
  /// Looks up an environment variable.
  var environment: (String) -> String?
  /// Whom the process runs as. Asking can take the system a while.
  var loginName: () -> String?
  /// Milliseconds since 1970-01-01 UTC.
  var now: () -> Int64

  /// Reads standard input to its end. For what people type: it holds a few megabytes at most.
  var readStandardInput: () throws -> String
  /// Whether a person types at standard input, and sees what is written.
  var isInputTerminal = false
  /// Gives the next line of standard input, without its end; nil when there is none.
  var readInputLine: () throws -> String? = { nil }

  /// Those of this process.
  static func process() -> Surroundings {
    let lines = InputLines(STDIN_FILENO, name: "standard input")
    return Surroundings(
      output: StandardOutput(), terminalColumns: columns(of: STDOUT_FILENO),
      writeBeside: { write($0, to: STDERR_FILENO) },
      isErrorTerminal: isatty(STDERR_FILENO) == 1,
      environment: { getenv($0).map { String(cString: $0) } },
      loginName: { getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } },
      now: {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
      }, readStandardInput: readText,
      isInputTerminal: isatty(STDIN_FILENO) == 1 && (isatty(STDOUT_FILENO) == 1 || isatty(STDERR_FILENO) == 1),
      readInputLine: lines.next)
  }

  /// Writes a message for people, whole lines. Whatever names and texts it repeats, nothing in it acts on a terminal.
  func writeError(_ message: String) { writeBeside(VisibleText.ofLines(message)) }

  /// The width of the terminal at a descriptor; nil when there is none.
  static func columns(of descriptor: Int32) -> Int? {
    guard isatty(descriptor) == 1 else { return nil }
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes a message to a descriptor.
  static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { utf8 in
      var rest = utf8[...]
      while let start = UnsafeBufferPointer(rebasing: rest).baseAddress {
        let count = Glibc.write(descriptor, start, rest.count)
        // Nobody is left to be told that the message about an error was lost.
        guard count > 0 || errno == EINTR else { return }
        rest = rest.dropFirst(max(0, count))
        if rest.isEmpty { return }
      }
    }
  }

  private static func readText() throws -> String {
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = Glibc.read(STDIN_FILENO, &block, block.count)
      if count == 0 { break }
      guard count > 0 || errno == EINTR else {
        throw AufdbError(.inputOutput, "standard input can't be read: \(String(cString: strerror(errno)))")
      }
      bytes += block.prefix(max(0, count))
      guard bytes.count <= 4 << 20 else {
        throw AufdbError(.badData, "standard input is longer than 4 MB", hint: "it should be one SQL statement")
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw AufdbError(.badData, "standard input is not UTF-8")
    }
    return text
  }
}
