import Gateway
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct StallWatchTests {
  /// Looks that a test lets happen, one after the other.
  private final class Ticks: Sendable {
    let asked = Mutex(0)
    private let stream: AsyncStream<Void>
    private let source: AsyncStream<Void>.Continuation

    init() {
      (stream, source) = AsyncStream.makeStream()
    }

    @Sendable func next() async throws {
      asked.withLock { $0 += 1 }
      for await _ in stream { return }
      throw CancellationError()
    }

    /// Lets the watch look once, and waits until it has.
    func look() async {
      let before = asked.withLock { $0 }
      source.yield()
      while asked.withLock({ $0 }) == before { await Task.yield() }
    }

    func last() { source.yield() }
  }

  @Test func aWriteThatNobodyTakesEndsTheConnectionAfterTheLimit() async {
    let (clock, ticks, closed) = (ManualClock(), Ticks(), Promise<Void>())
    let isClosed = Mutex(false)
    let watch = StallWatch(clock: clock.clock, limit: .seconds(60), tick: ticks.next) {
      isClosed.withLock { $0 = true }
      closed.fulfil(())
    }
    while ticks.asked.withLock({ $0 }) == 0 { await Task.yield() }
    let (begun, taken) = (Promise<Void>(), Promise<Void>())
    let writing = Task {
      try await watch.write {
        begun.fulfil(())
        _ = await taken.value()
      }
    }
    _ = await begun.value()
    clock.advance(by: .seconds(60))
    await ticks.look()
    #expect(isClosed.withLock { !$0 })
    clock.advance(by: .microseconds(1))
    ticks.last()
    _ = await closed.value()
    taken.fulfil(())
    _ = await writing.result
    watch.end()
  }

  @Test func aReaderThatTakesSomethingNowAndThenIsLeftAlone() async throws {
    let (clock, ticks) = (ManualClock(), Ticks())
    let closings = Mutex(0)
    let watch = StallWatch(clock: clock.clock, limit: .seconds(60), tick: ticks.next) { closings.withLock { $0 += 1 } }
    while ticks.asked.withLock({ $0 }) == 0 { await Task.yield() }
    for _ in 0..<5 {
      try await watch.write {
        clock.advance(by: .seconds(59))
        await ticks.look()
      }
      // Nothing waits, however long the next piece takes.
      clock.advance(by: .seconds(600))
      await ticks.look()
    }
    #expect(closings.withLock { $0 } == 0)
    watch.end()
  }
}
