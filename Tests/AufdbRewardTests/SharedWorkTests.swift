// Work that threads share: every item once, by no more threads than there may be.

import AufdbReward
import Synchronization
import Testing

@Suite struct SharedWorkTests {
  @Test(arguments: [0, 1, 2, 7, 1000], [1, 2, 3, 16])
  func everyItemIsDoneOnce(itemCount: Int, threadCount: Int) {
    let done = Mutex([Int](repeating: 0, count: itemCount))
    let threads = Mutex(Set<Int>())
    SharedWork.forEach(itemCount, threadCount: threadCount) { item, thread in
      done.withLock { $0[item] += 1 }
      threads.withLock { _ = $0.insert(thread) }
    }
    #expect(done.withLock { $0.allSatisfy { $0 == 1 } })
    #expect(threads.withLock { $0.allSatisfy { (0..<threadCount).contains($0) } })
  }

  /// No two items that are being done have the same thread, whose memory they would share.
  @Test func aThreadDoesOneItemAtATime() {
    let busy = Mutex(Set<Int>())
    let clashes = Mutex(0)
    SharedWork.forEach(500, threadCount: 4) { _, thread in
      if !busy.withLock({ $0.insert(thread).inserted }) { clashes.withLock { $0 += 1 } }
      busy.withLock { _ = $0.remove(thread) }
    }
    #expect(clashes.withLock { $0 } == 0)
  }

  @Test func oneThreadGoesInOrder() {
    let order = Mutex([Int]())
    SharedWork.forEach(20, threadCount: 1) { item, _ in order.withLock { $0.append(item) } }
    #expect(order.withLock { $0 } == Array(0..<20))
  }

  /// Work that is shared may itself share work.
  @Test func sharingNests() {
    let sum = Atomic(0)
    SharedWork.forEach(8, threadCount: 3) { outer, _ in
      SharedWork.forEach(8, threadCount: 3) { inner, _ in
        _ = sum.add(8 * outer + inner, ordering: .relaxed)
      }
    }
    #expect(sum.load(ordering: .relaxed) == 63 * 32)
  }
}
