package import NIOCore
import Synchronization

/// Runs tasks on the thread of one event loop, so that a request is answered where its connection lives: reading,
/// deciding, asking the provider and writing go from one to the next without another thread being woken.
///
/// Whatever runs here must not block: everything on the same loop would wait with it.
package final class EventLoopExecutor: TaskExecutor {
  private struct Queue {
    var jobs: [UnownedJob] = []
    /// Whether the loop has been asked to run what waits.
    var isScheduled = false
  }

  private let loop: any EventLoop
  private let queue = Mutex(Queue())

  private init(_ loop: any EventLoop) {
    self.loop = loop
  }

  private static let all = Mutex<[ObjectIdentifier: EventLoopExecutor]>([:])

  /// The executor of a loop, always the same one. It keeps the loop for as long as the process lives, so it is meant for
  /// loops that do, such as those of the process's own group.
  package static func on(_ loop: any EventLoop) -> EventLoopExecutor {
    all.withLock { all in
      if let known = all[ObjectIdentifier(loop)] { return known }
      let made = EventLoopExecutor(loop)
      all[ObjectIdentifier(loop)] = made
      return made
    }
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let isFirst = queue.withLock { queue in
      queue.jobs.append(job)
      defer { queue.isScheduled = true }
      return !queue.isScheduled
    }
    // One wake-up for all jobs that come before the loop gets to them: a commit answers many callers at once.
    if isFirst { loop.execute { self.runWaiting() } }
  }

  /// Runs what waits now. What comes meanwhile gets its own turn, after what else the loop has to do.
  private func runWaiting() {
    let jobs = queue.withLock { queue in
      queue.isScheduled = false
      var taken: [UnownedJob] = []
      swap(&taken, &queue.jobs)
      return taken
    }
    let executor = asUnownedTaskExecutor()
    for job in jobs { job.runSynchronously(on: executor) }
  }
}
