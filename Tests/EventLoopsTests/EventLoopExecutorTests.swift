import EventLoops
import NIOCore
import NIOPosix
import Testing

/// Where tasks run that prefer an event loop.
@Suite struct EventLoopExecutorTests {
  private let loop = MultiThreadedEventLoopGroup.singleton.next()

  @Test func taskStaysOnItsLoopAcrossSuspensions() async {
    let loop = loop
    await Task(executorPreference: EventLoopExecutor.on(loop)) {
      for _ in 0..<100 {
        #expect(MultiThreadedEventLoopGroup.currentEventLoop === loop)
        await Task.yield()
        _ = try? await loop.makeSucceededFuture(1).get()
        await withCheckedContinuation { continuation in
          MultiThreadedEventLoopGroup.singleton.next().execute { continuation.resume() }
        }
      }
      #expect(MultiThreadedEventLoopGroup.currentEventLoop === loop)
    }.value
  }

  @Test func everyTaskOfManyRuns() async {
    let executor = EventLoopExecutor.on(loop)
    let sum = await withTaskGroup(of: Int.self) { group in
      for number in 0..<10_000 {
        group.addTask(executorPreference: executor) {
          await Task.yield()
          return number
        }
      }
      return await group.reduce(0, +)
    }
    #expect(sum == 10_000 * 9_999 / 2)
  }

  @Test func loopHasOneExecutor() {
    #expect(EventLoopExecutor.on(loop) === EventLoopExecutor.on(loop))
  }
}
