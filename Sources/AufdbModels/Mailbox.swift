// What threads of the network hand over to the one thread that decides.

import Dispatch
import Synchronization

/// Takes things from any thread, and gives them to one.
final class Mailbox<Item: Sendable>: Sendable {
  private let items = Mutex<[Item]>([])
  private let signal = DispatchSemaphore(value: 0)

  func put(_ item: Item) {
    let wasEmpty = items.withLock { items in
      items.append(item)
      return items.count == 1
    }
    // One signal for all that arrive before they are taken.
    if wasEmpty { signal.signal() }
  }

  /// What has arrived, in that order; waits for the first for so long. It may return early with nothing.
  func take(waitingSeconds: Double) -> [Item] {
    _ = signal.wait(timeout: .now() + waitingSeconds)
    return items.withLock { items in
      defer { items = [] }
      return items
    }
  }
}
