// Work that threads share: a fork and a join, and nothing that outlives them.

import Dispatch
import Synchronization

/// Loops whose turns run on several threads at once.
public enum SharedWork {
  /// Calls `body` once for each item from 0 to below `itemCount`, and returns when all calls have.
  ///
  /// Each thread takes the next item as soon as it has done one, so that items may cost different amounts; which thread
  /// does which is therefore chance. A result is the same for any number of threads if every item writes memory of its
  /// own, and what is summed over items is summed afterwards, in their order.
  ///
  /// - Parameters:
  ///   - itemCount: at least 0. Tens of items a thread even out; an item should take some microseconds.
  ///   - threadCount: at least 1. With 1, all calls are made by the calling thread, in order. More threads than
  ///     processors are of no use, and aren't started.
  ///   - body: gets the item, and the number of the thread, from 0 to below `threadCount`, for memory that items use
  ///     one after the other.
  public static func forEach(
    _ itemCount: Int, threadCount: Int, _ body: @Sendable (_ item: Int, _ thread: Int) -> Void
  ) {
    precondition(itemCount >= 0 && threadCount >= 1, "counts below what there can be")
    let threads = min(threadCount, itemCount)
    guard threads > 1 else {
      for item in 0..<itemCount { body(item, 0) }
      return
    }
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      while true {
        let item = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard item < itemCount else { return }
        body(item, thread)
      }
    }
  }
}
