import Glibc
import Synchronization

/// A program that this process starts and whose end it waits for.
///
/// It is started by a thread of its own that lives as long as the child: the kernel sends a parent-death signal when the *thread* that
/// started a child ends, not when its process does. The child leads a process group of its own, so that a Ctrl-C at the terminal
/// reaches this process only.
final class ChildProcess: Sendable {
  /// How a child ended.
  enum Status: Sendable, Hashable {
    case exited(Int32)
    case signalled(Int32)
  }

  /// Where a child's standard output and error go.
  enum Output: Sendable {
    /// Into a file, which is emptied first.
    case file(String)
    /// Into memory.
    case collected
  }

  /// What is kept of a collected output; the programs that are asked something answer in a few lines.
  private static let maximumOutputBytes = 64 << 10

  private struct State {
    var status: Status?
    var output: [UInt8] = []
    var nextWaiter = 0
    var waiters: [Int: CheckedContinuation<Status?, Never>] = [:]
  }

  /// The child's process id.
  let process: pid_t
  private let state = Mutex(State())

  private init(process: pid_t) { self.process = process }

  /// Starts a program.
  /// - Parameters:
  ///   - arguments: the program's absolute path and its arguments.
  ///   - output: where its output goes.
  /// - Throws: `fileSystem` when it cannot be started.
  static func start(_ arguments: [String], output: Output) async throws -> ChildProcess {
    try await withCheckedThrowingContinuation { continuation in
      let launch = Launch(arguments: arguments, output: output, continuation: continuation)
      var thread = pthread_t()
      let argument = Unmanaged.passRetained(launch)
      let result = pthread_create(
        &thread, nil,
        { argument in
          guard let argument else { return nil }
          Unmanaged<Launch>.fromOpaque(argument).takeRetainedValue().perform()
          return nil
        }, argument.toOpaque())
      guard result == 0 else {
        argument.release()
        continuation.resume(throwing: EmbeddedPostgresError("cannot start a thread", errno: result))
        return
      }
      pthread_detach(thread)
    }
  }

  /// Runs a program to its end.
  /// - Returns: how it ended and the beginning of what it said.
  static func output(of arguments: [String]) async throws -> (status: Status, text: String) {
    let child = try await start(arguments, output: .collected)
    let status = await child.exit()
    return (status, child.state.withLock { String(decoding: $0.output, as: UTF8.self) })
  }

  /// Sends a signal, unless the child has ended: its number may be somebody else's by then.
  func send(_ signal: Int32) {
    state.withLock { state in
      if state.status == nil { kill(process, signal) }
    }
  }

  /// Whether the child is still there.
  var isRunning: Bool { state.withLock { $0.status == nil } }

  /// Waits for the end.
  func exit() async -> Status {
    while true {
      if let status = await waitForExit(timer: { _ in }) { return status }
    }
  }

  /// Waits for the end, but not longer than this.
  /// - Returns: nil when the child is still there.
  func exit(within time: Duration) async -> Status? {
    await waitForExit { waiter in
      Task {
        try? await Task.sleep(for: time)
        self.state.withLock { $0.waiters.removeValue(forKey: waiter) }?.resume(returning: nil)
      }
    }
  }

  private func waitForExit(timer: (Int) -> Void) async -> Status? {
    await withCheckedContinuation { continuation in
      let waiter: Int? = state.withLock { state in
        guard state.status == nil else { return nil }
        state.nextWaiter += 1
        state.waiters[state.nextWaiter] = continuation
        return state.nextWaiter
      }
      if let waiter { timer(waiter) } else { continuation.resume(returning: state.withLock { $0.status }) }
    }
  }

  // MARK: The thread

  private final class Launch: Sendable {
    let arguments: [String]
    let output: Output
    let continuation: CheckedContinuation<ChildProcess, any Error>

    init(arguments: [String], output: Output, continuation: CheckedContinuation<ChildProcess, any Error>) {
      self.arguments = arguments
      self.output = output
      self.continuation = continuation
    }

    func perform() {
      do {
        let (child, pipe) = try spawn()
        continuation.resume(returning: child)
        if let pipe { child.collect(pipe) }
        child.reap()
      } catch {
        continuation.resume(throwing: error)
      }
    }

    private func spawn() throws(EmbeddedPostgresError) -> (ChildProcess, pipe: Int32?) {
      var actions = posix_spawn_file_actions_t()
      posix_spawn_file_actions_init(&actions)
      defer { posix_spawn_file_actions_destroy(&actions) }
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
      var ends: [Int32] = [-1, -1]
      switch output {
      case .file(let path): posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      case .collected:
        guard pipe(&ends) == 0 else { throw EmbeddedPostgresError("cannot make a pipe", errno: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
      }
      posix_spawn_file_actions_adddup2(&actions, 1, 2)
      // A server that outlives us must not keep our clients' connections open, and counts what it inherits against what
      // it may open itself.
      for descriptor in Self.openDescriptors() where descriptor > 2 {
        posix_spawn_file_actions_addclose(&actions, descriptor)
      }

      var attributes = posix_spawnattr_t()
      posix_spawnattr_init(&attributes)
      defer { posix_spawnattr_destroy(&attributes) }
      // Nothing of this process's handling of signals is inherited: a server with SIGTERM blocked could not be stopped.
      var signals = sigset_t()
      sigemptyset(&signals)
      posix_spawnattr_setsigmask(&attributes, &signals)
      sigfillset(&signals)
      posix_spawnattr_setsigdefault(&attributes, &signals)
      posix_spawnattr_setpgroup(&attributes, 0)
      posix_spawnattr_setflags(
        &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

      var process = pid_t()
      // PG… variables of the environment must not reach the server's programs.
      let environment = ["PATH=/usr/bin:/bin", "LC_ALL=C"]
      let program = arguments[0]
      let result = withCStrings(arguments) { arguments in
        withCStrings(environment) { environment in
          posix_spawn(&process, program, &actions, &attributes, arguments, environment)
        }
      }
      if ends[1] >= 0 { close(ends[1]) }
      guard result == 0 else {
        if ends[0] >= 0 { close(ends[0]) }
        throw EmbeddedPostgresError("cannot start \(arguments[0])", errno: result)
      }
      return (ChildProcess(process: process), ends[0] >= 0 ? ends[0] : nil)
    }

    /// What this process has open now; what it opens meanwhile is closed with the program's start where it says so.
    private static func openDescriptors() -> [Int32] {
      guard let stream = opendir("/proc/self/fd") else { return [] }
      defer { closedir(stream) }
      var descriptors: [Int32] = []
      while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if let descriptor = Int32(name) { descriptors.append(descriptor) }
      }
      return descriptors
    }

    private func withCStrings<R>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
      let copies = texts.map { strdup($0) } + [nil]
      defer { for copy in copies { free(copy) } }
      return body(copies)
    }
  }

  private func collect(_ pipe: Int32) {
    defer { close(pipe) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(pipe, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      state.withLock { state in
        state.output.append(contentsOf: buffer[..<min(count, Self.maximumOutputBytes - state.output.count)])
      }
    }
  }

  private func reap() {
    var ended = siginfo_t()
    // First only looked at: as long as it has not been reaped its number is its own, and a signal reaches nobody else.
    while waitid(P_PID, id_t(process), &ended, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    let (waiters, status) = state.withLock { state in
      var word: Int32 = 0
      while waitpid(process, &word, 0) < 0, errno == EINTR {}
      let status: Status = word & 0x7f == 0 ? .exited(word >> 8 & 0xff) : .signalled(word & 0x7f)
      state.status = status
      defer { state.waiters = [:] }
      return (Array(state.waiters.values), status)
    }
    for waiter in waiters { waiter.resume(returning: status) }
  }
}
