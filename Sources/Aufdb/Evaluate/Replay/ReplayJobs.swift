// Many replays on several threads: each writes a result of its own, so that neither their number nor their order shows.

import Dispatch
import Synchronization

enum ReplayJobs {
  /// Runs `body` for each of `count` jobs, at most `threadCount` at a time.
  ///
  /// - Parameters:
  ///   - progress: called on the calling thread after each job, with how many are done.
  ///   - body: called on threads of its own.
  /// - Returns: the results in the jobs' order.
  /// - Throws: what the first job in order threw that threw; jobs that hadn't begun by then are left out.
  static func run<Result: Sendable>(
    _ count: Int, threadCount: Int, progress: ((_ done: Int) -> Void)?,
    _ body: @escaping @Sendable (_ job: Int) throws -> Result
  ) throws -> [Result] {
    let state = SharedState<Result>(count)
    let finished = DispatchSemaphore(value: 0)
    let threads = min(threadCount, count)
    let queue = DispatchQueue(label: "aufdb.evaluate", attributes: .concurrent)
    for _ in 0..<threads {
      queue.async {
        while let job = state.next() {
          state.store(Swift.Result { try body(job) }, of: job)
          finished.signal()
        }
        finished.signal()
      }
    }
    var (done, ended) = (0, 0)
    while ended < threads {
      finished.wait()
      // A thread's last signal comes after those of its jobs.
      if done < state.doneCount {
        done += 1
        progress?(done)
      } else {
        ended += 1
      }
    }
    return try state.results()
  }

  private final class SharedState<Value: Sendable>: Sendable {
    private struct Jobs {
      var nextJob = 0
      var doneCount = 0
      var hasFailed = false
      var results: [Swift.Result<Value, any Error>?]
    }

    private let jobs: Mutex<Jobs>

    init(_ count: Int) { jobs = Mutex(Jobs(results: Array(repeating: nil, count: count))) }

    func next() -> Int? {
      jobs.withLock { jobs in
        guard !jobs.hasFailed, jobs.nextJob < jobs.results.count else { return nil }
        defer { jobs.nextJob += 1 }
        return jobs.nextJob
      }
    }

    func store(_ result: Swift.Result<Value, any Error>, of job: Int) {
      jobs.withLock { jobs in
        if case .failure = result { jobs.hasFailed = true }
        jobs.results[job] = result
        jobs.doneCount += 1
      }
    }

    var doneCount: Int { jobs.withLock(\.doneCount) }

    func results() throws -> [Value] {
      try jobs.withLock { jobs in
        // A failure ends the handing out of jobs, so that those before it have results, and it comes first.
        for case .failure(let error)? in jobs.results { throw error }
        return try jobs.results.compactMap { try $0?.get() }
      }
    }
  }
}
