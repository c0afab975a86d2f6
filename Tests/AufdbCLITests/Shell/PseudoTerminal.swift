// A terminal without a screen, in which a test runs the built command as a person would.

import Foundation
import Glibc

@testable import Aufdb
@testable import AufdbCLI

/// What the command writes, and what is typed to it.
final class PseudoTerminal {
  private let descriptor: Int32
  private let process: pid_t
  /// What was written and not yet waited for.
  private var bytes: [UInt8] = []
  private var isOver = false

  /// A program that writes nothing for so long has stopped for good.
  private static let patienceMilliseconds: Int32 = 120_000
  // <spawn.h>: the child gets a session of its own, whose terminal is the first that it opens.
  private static let newSession: Int16 = 0x80
  // <sys/ioctl.h>: TIOCSPTLCK and TIOCGPTN, which Swift doesn't see, as it sees none of the functions over them.
  private static let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)

  /// - Parameter environment: all of it.
  init(_ path: String, _ arguments: [String], environment: [String: String], columns: UInt16 = 100) throws {
    let descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (number, locked): (UInt32, Int32) = (0, 0)
    guard descriptor >= 0, ioctl(descriptor, Self.setLock, &locked) == 0,
      ioctl(descriptor, Self.getNumber, &number) == 0
    else {
      throw AufdbError(.inputOutput, "no pseudo-terminal: \(String(cString: strerror(errno)))")
    }
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/pts/\(number)", O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Threads of a concurrent program block signals, and a child would, too.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Self.newSession | Int16(POSIX_SPAWN_SETSIGMASK))
    let words = ([path] + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer {
      for word in words + variables { free(word) }
    }
    var process: pid_t = 0
    let code = posix_spawn(&process, path, &actions, &attributes, words, variables)
    guard code == 0 else { throw AufdbError(.inputOutput, "\(path): \(String(cString: strerror(code)))") }
    (self.descriptor, self.process) = (descriptor, process)
  }

  deinit {
    if !isOver {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    close(descriptor)
  }

  func type(_ text: String) { type(Array(text.utf8)) }

  func type(_ keys: [UInt8]) { _ = write(descriptor, keys, keys.count) }

  func resize(columns: UInt16) {
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
  }

  /// Waits until a text was written.
  ///
  /// - Returns: all that came before it since the last call.
  /// - Throws: where the program ends, or stops, without writing it.
  @discardableResult
  func expect(_ text: String) throws -> String {
    let wanted = Array(text.utf8)
    while true {
      if let place = bytes.firstRange(of: wanted) {
        defer { bytes.removeFirst(place.upperBound) }
        return String(decoding: bytes[..<place.lowerBound], as: UTF8.self)
      }
      guard read() else {
        throw AufdbError(.inputOutput, "'\(text)' never came, but '\(String(decoding: bytes, as: UTF8.self))'")
      }
    }
  }

  /// Waits for a prompt, and until the line editor takes keys: before that, the terminal itself would.
  @discardableResult
  func expectPrompt(_ prompt: String) throws -> String {
    let output = try expect(prompt)
    var settings = termios()
    var ready = pollfd()
    for _ in 0..<Self.patienceMilliseconds {
      guard tcgetattr(descriptor, &settings) == 0, settings.c_lflag & tcflag_t(ICANON) != 0 else { return output }
      poll(&ready, 0, 1)
    }
    throw AufdbError(.inputOutput, "no line editor came after \(prompt)")
  }

  /// Types a line, and waits for a text and for the next prompt.
  func enter(_ line: String, expecting text: String, then prompt: String) throws {
    type(line + "\r")
    try expect(text)
    try expectPrompt(prompt)
  }

  /// Waits for the end.
  ///
  /// - Returns: what was written until then, and the exit code, or the signal less than 0.
  func end() throws -> (output: String, exitCode: Int32) {
    while read() {}
    var status: Int32 = 0
    guard waitpid(process, &status, 0) == process else { throw AufdbError(.inputOutput, "the process is lost") }
    isOver = true
    return (String(decoding: bytes, as: UTF8.self), status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F))
  }

  /// Takes what was written; false once nothing can come any more.
  private func read() -> Bool {
    var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&ready, 1, Self.patienceMilliseconds) > 0 else { return false }
    var block = [UInt8](repeating: 0, count: 64 << 10)
    let count = Glibc.read(descriptor, &block, block.count)
    guard count > 0 else { return false }
    bytes += block.prefix(count)
    return true
  }
}
