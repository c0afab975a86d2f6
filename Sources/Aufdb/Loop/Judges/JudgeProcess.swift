// The process behind a command judge: started, written to, read from, and ended, with all that it started itself.
//
// It leads a process group of its own, so that ending it ends its children, too: /bin/sh waits for the program that it
// runs, and killing the shell alone would leave that program behind. Our ends of the two pipes don't block; whoever uses
// them polls both, because a program may stop reading until its answers are read. Its standard error is ours.
//
// Should this process be killed, the command sees the end of its input.

@preconcurrency import Glibc
import Synchronization

/// A command at work; it is gone when this object is.
final class JudgeProcess {
  /// How it ended.
  enum End: Equatable {
    case exited(Int32)
    case signalled(Int32)
    /// It closed its output and went on; it had to be killed.
    case closedOutput
    /// It was still at it, and had to be killed.
    case killed
  }

  private let id: pid_t
  private let output: Int32
  /// -1 once it is closed.
  private var input: Int32
  private var isOver = false

  private static let starting = Mutex(())

  /// Starts `/bin/sh -c command`.
  init(_ command: String) throws {
    // One after the other, so that no process inherits the pipes of another one.
    let (child, input, output) = try Self.starting.withLock { _ in try Self.start(command) }
    (id, self.input, self.output) = (child, input, output)
    for descriptor in [input, output] { _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) }
  }

  deinit {
    if !isOver { _ = end(graceMilliseconds: 0) }
    closeInput()
    close(output)
  }

  /// Whether it may still be written to.
  var isInputOpen: Bool { input >= 0 }

  /// Tells it that nothing more comes.
  func closeInput() {
    guard input >= 0 else { return }
    close(input)
    input = -1
  }

  /// Waits until it can be read from, or written to where that is wanted.
  ///
  /// - Returns: which of the two; neither once the time is over.
  func wait(writes: Bool, until deadline: MonotonicTime) -> (canRead: Bool, canWrite: Bool) {
    let isWriting = writes && isInputOpen
    var polled = [pollfd(fd: output, events: Int16(POLLIN), revents: 0)]
    if isWriting { polled.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0)) }
    while true {
      let count = poll(&polled, nfds_t(polled.count), deadline.remainingMilliseconds)
      if count > 0 { return (polled[0].revents != 0, isWriting && polled[1].revents != 0) }
      if count == 0, deadline.remainingMilliseconds > 0 { continue }
      guard count < 0, errno == EINTR else { return (false, false) }
    }
  }

  /// Writes what there is room for. A command that doesn't read any more closes the input.
  ///
  /// - Returns: how many bytes were written.
  func write(_ bytes: UnsafeRawBufferPointer) -> Int {
    let count = Self.withoutSignal { Glibc.write(input, bytes.baseAddress, bytes.count) }
    if count < 0, errno != EAGAIN, errno != EINTR { closeInput() }
    return max(0, count)
  }

  /// Reads what is there.
  ///
  /// - Returns: how many bytes were read; 0 at the end of its output, nil where nothing is there.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    let count = Glibc.read(output, buffer.baseAddress, buffer.count)
    if count < 0, errno == EAGAIN || errno == EINTR { return nil }
    return max(0, count)
  }

  /// Ends it with all that belongs to it.
  ///
  /// - Parameter graceMilliseconds: how long it may take to exit by itself.
  func end(graceMilliseconds: Int) -> End {
    isOver = true
    let deadline = MonotonicTime.now + Double(graceMilliseconds) / 1000
    var hasExited = Self.hasExited(id)
    while !hasExited, deadline.remainingMilliseconds > 0 {
      poll(nil, 0, 1)
      hasExited = Self.hasExited(id)
    }
    // Before it is waited for, while the number is still the group's.
    kill(-id, SIGKILL)
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0, errno == EINTR {}
    guard hasExited else { return graceMilliseconds > 0 ? .closedOutput : .killed }
    return status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .signalled(status & 0x7F)
  }

  private static func hasExited(_ id: pid_t) -> Bool {
    var info = siginfo_t()
    return waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_signo == SIGCHLD
  }

  private static func start(_ command: String) throws -> (id: pid_t, input: Int32, output: Int32) {
    let input = try pipe()
    let output: (read: Int32, write: Int32)
    do {
      output = try pipe()
    } catch {
      close(input.read)
      close(input.write)
      throw error
    }
    defer {
      close(input.read)
      close(output.write)
    }
    let (code, id) = spawn(command, input: input.read, output: output.write)
    guard code == 0 else {
      close(input.write)
      close(output.read)
      throw AufdbError(.refused, "a judge's command can't be started: \(String(cString: strerror(code)))")
    }
    return (id, input.write, output.read)
  }

  /// A pipe whose ends a child doesn't inherit. (Swift's Glibc has no pipe2, which would do it in one step.)
  private static func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else {
      throw AufdbError(.inputOutput, "a pipe can't be made: \(String(cString: strerror(errno)))")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func spawn(_ command: String, input: Int32, output: Int32) -> (code: Int32, id: pid_t) {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    // Our own process ignores SIGPIPE, and some of its threads block signals: neither is meant for a child.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigaddset(&signals, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var id: pid_t = 0
    let words: [UnsafeMutablePointer<CChar>?] = ["/bin/sh", "-c", command].map { (word: String) in strdup(word) }
    defer { for word in words { free(word) } }
    let code = posix_spawn(&id, "/bin/sh", &actions, &attributes, words + [nil], environ)
    return (code, id)
  }

  /// Writes without being killed, where this process doesn't ignore SIGPIPE: it is blocked for the thread, and taken
  /// away if the write raised it.
  private static func withoutSignal(_ write: () -> Int) -> Int {
    var (pipe, before, pending) = (sigset_t(), sigset_t(), sigset_t())
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    sigpending(&pending)
    let wasPending = sigismember(&pending, SIGPIPE) == 1
    pthread_sigmask(SIG_BLOCK, &pipe, &before)
    let count = write()
    let code = errno
    if count < 0, code == EPIPE, !wasPending {
      var none = timespec()
      while sigtimedwait(&pipe, nil, &none) < 0, errno == EINTR {}
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
    errno = code
    return count
  }
}

extension JudgeProcess.End: CustomStringConvertible {
  /// What it did, in words that follow its name.
  var description: String {
    switch self {
    case .exited(let code): "exited with code \(code)"
    case .signalled(let number): "was ended by signal \(number)"
    case .closedOutput: "closed its output"
    case .killed: "was killed"
    }
  }
}

/// A moment of a clock that nobody sets.
struct MonotonicTime {
  private let nanoseconds: Int64

  static var now: MonotonicTime {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return MonotonicTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  static func + (time: MonotonicTime, seconds: Double) -> MonotonicTime {
    // A century is as good as any longer time.
    MonotonicTime(nanoseconds: time.nanoseconds + Int64(min(seconds, 3e9) * 1e9))
  }

  /// Rounded up, so that the moment has come once it is 0; at most what `poll` takes.
  var remainingMilliseconds: Int32 {
    let remaining = nanoseconds - Self.now.nanoseconds
    return Int32(max(0, min((remaining + 999_999) / 1_000_000, Int64(Int32.max))))
  }
}
