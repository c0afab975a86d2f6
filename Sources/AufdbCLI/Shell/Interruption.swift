// Ctrl-C while something runs that can end by itself: a statement of the shell, a run that asks a server.

import CFiles
import Glibc
import Synchronization

/// How often somebody has asked for an end since it was last cleared.
enum Interruption {
  private static let counter = Atomic<Int>(0)

  static var count: Int { counter.load(ordering: .relaxed) }

  static var isRaised: Bool { count > 0 }

  static func clear() { counter.store(0, ordering: .relaxed) }

  static func raise() { counter.wrappingAdd(1, ordering: .relaxed) }

  /// From now on SIGINT raises it, and does nothing else.
  static func watch() {
    // Made now, because the handler may do no more than store a value.
    clear()
    signal(SIGINT) { _ in Interruption.raise() }
    // Whoever started the process may have left it blocked, and then nobody could stop it.
    var interrupt = sigset_t()
    sigemptyset(&interrupt)
    sigaddset(&interrupt, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &interrupt, nil)
  }

  /// From now on SIGINT ends the process again.
  static func unwatch() {
    signal(SIGINT, SIG_DFL)
    aufdb_leftovers_watch_interrupt()
  }
}
