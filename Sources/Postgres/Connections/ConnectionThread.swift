import CLibPQ
import DequeModule
import Glibc
import Synchronization

/// The executor of one connection: a thread of its own, so that waiting for a server never takes one of the few threads that
/// all of Swift's tasks share.
///
/// The thread sleeps in `poll(2)` on an eventfd, and on the connection's socket once it watches one.
final class ConnectionThread: SerialExecutor {
  /// Readers of rows run here. They are shallow; the default of 8 MiB is not needed by hundreds of threads.
  private static let stackBytes = 1 << 20

  private struct Queue: Sendable {
    var jobs: Deque<UnownedJob> = []
    var isSleeping = false
    var isStopped = false
    var thread: pthread_t?
  }

  private let queue = Mutex(Queue())
  private let wake: Int32
  private let isTerminated = Atomic(false)
  // Both are touched on the connection's thread only, by its jobs and by its own loop.
  private nonisolated(unsafe) var watchedSocket: Int32 = -1  // unsafe: that thread's alone
  private nonisolated(unsafe) var onReadable: (() -> Void)?  // unsafe: that thread's alone

  /// Starts the thread.
  /// - Throws: `connectionFailed` when the process may not have another thread or file.
  static func start() throws(PostgresError) -> ConnectionThread {
    let wake = clibpq_wake_create()
    guard wake >= 0 else { throw Self.failure("eventfd", errno) }
    let executor = ConnectionThread(wake: wake)
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, Self.stackBytes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(executor)
    let status = pthread_create(&thread, &attributes, { ConnectionThread.main($0) }, argument.toOpaque())
    guard status == 0 else {
      argument.release()
      throw Self.failure("pthread_create", status)
    }
    return executor
  }

  private init(wake: Int32) { self.wake = wake }

  deinit { close(wake) }

  private static func failure(_ call: StaticString, _ number: Int32) -> PostgresError {
    PostgresError(.connectionFailed, outcome: .notSent, reason: "\(call): error \(number)")
  }

  // MARK: The executor

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let mustWake = queue.withLock { queue in
      queue.jobs.append(job)
      defer { queue.isSleeping = false }
      return queue.isSleeping
    }
    if mustWake { clibpq_wake_signal(wake) }
  }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

  func checkIsolated() {
    precondition(isCurrent, "not on the connection's thread")
  }

  func isIsolatingCurrentContext() -> Bool? { isCurrent }

  private var isCurrent: Bool {
    queue.withLock { queue in queue.thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
  }

  // MARK: The connection

  /// Calls a closure on the thread whenever the socket has something to read and nobody is at work.
  func watch(_ socket: Int32, onReadable: @escaping () -> Void) {
    watchedSocket = socket
    self.onReadable = onReadable
  }

  /// Ends the watching.
  func unwatch() {
    watchedSocket = -1
    onReadable = nil
  }

  /// Lets the thread end after its last job.
  func stop() {
    queue.withLock { $0.isStopped = true }
    clibpq_wake_signal(wake)
  }

  /// From any thread: whoever waits for the server now or later gets `.terminated`.
  func terminate() {
    isTerminated.store(true, ordering: .releasing)
    clibpq_wake_signal(wake)
  }

  /// How a wait for the server ended.
  enum Wait {
    case ready(readable: Bool)
    case timedOut, terminated
  }

  /// Waits on the thread until the socket can be read (or written), the deadline passes, or somebody terminates the connection.
  func wait(for socket: Int32, writable: Bool = false, readable: Bool = true, until deadline: ContinuousClock.Instant)
    -> Wait
  {
    let interest = (readable ? Int16(POLLIN) : 0) | (writable ? Int16(POLLOUT) : 0)
    while true {
      if isTerminated.load(ordering: .acquiring) { return .terminated }
      let left = deadline - .now
      guard left > .zero else { return .timedOut }
      var files = [
        pollfd(fd: socket, events: interest, revents: 0), pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
      ]
      let count = poll(&files, nfds_t(files.count), left.pollMilliseconds)
      guard count > 0 else { continue }
      if files[1].revents != 0 { clibpq_wake_drain(wake) }
      if files[0].revents != 0 { return .ready(readable: files[0].revents & Int16(POLLOUT) != files[0].revents) }
    }
  }

  // MARK: The thread

  private static func main(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    // The process's signals belong to its other threads.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, nil)
    let executor = Unmanaged<ConnectionThread>.fromOpaque(argument).takeRetainedValue()
    executor.queue.withLock { $0.thread = pthread_self() }
    executor.loop()
    return nil
  }

  private func loop() {
    let executor = asUnownedSerialExecutor()
    while true {
      let (jobs, isStopped) = queue.withLock { queue in
        defer { queue.jobs = [] }
        queue.isSleeping = queue.jobs.isEmpty
        return (queue.jobs, queue.isStopped)
      }
      for job in jobs { job.runSynchronously(on: executor) }
      guard jobs.isEmpty else { continue }
      if isStopped { return }
      sleep()
    }
  }

  private func sleep() {
    var files = [
      pollfd(fd: wake, events: Int16(POLLIN), revents: 0), pollfd(fd: watchedSocket, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&files, nfds_t(files.count), -1) > 0 else { return }
    if files[0].revents != 0 { clibpq_wake_drain(wake) }
    if files[1].revents != 0, files[0].revents == 0 { onReadable?() }
  }
}

extension Duration {
  /// The duration for `poll(2)`, rounded up so that a wait never ends before its deadline.
  fileprivate var pollMilliseconds: Int32 {
    let (seconds, attoseconds) = components
    guard seconds < 1_000_000 else { return 1_000_000_000 }
    return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
