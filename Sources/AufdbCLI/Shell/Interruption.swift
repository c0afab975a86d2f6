// Ctrl-C while a statement runs: it is a wish to end the statement, and not the shell.

import Glibc
import Synchronization

/// Whether somebody has asked for an end since it was last cleared.
enum Interruption {
  private static let flag = Atomic<Bool>(false)

  static var isRaised: Bool { flag.load(ordering: .relaxed) }

  static func clear() { flag.store(false, ordering: .relaxed) }

  static func raise() { flag.store(true, ordering: .relaxed) }

  /// From now on SIGINT raises it, and does nothing else.
  static func watch() {
    // Made now, because the handler may do no more than store a value.
    clear()
    signal(SIGINT) { _ in Interruption.raise() }
  }
}
