import Gateway
import Testing

@Suite struct RunningEditsTests {
  @Test func neverMoreThanTheLimit() {
    let running = RunningEdits(maximum: 2)
    #expect(running.enter() && running.enter())
    #expect(!running.enter())
    running.leave()
    #expect(running.enter())
  }

  @Test func nobodyEntersAStoppingGateway() {
    let running = RunningEdits(maximum: 2)
    running.close()
    #expect(!running.enter())
  }

  @Test func drainingWaitsForTheLastOne() async {
    let running = RunningEdits(maximum: 2)
    _ = running.enter()
    _ = running.enter()
    let drained = Task { await running.drain(within: .seconds(60)) }
    running.leave()
    running.leave()
    #expect(await drained.value == 0)
  }

  @Test func drainingEndsAtItsLimit() async {
    let running = RunningEdits(maximum: 1)
    _ = running.enter()
    #expect(await running.drain(within: .zero) == 1)
  }
}

@Suite struct PromiseTests {
  @Test func valueArrivesWhetherItComesBeforeOrAfter() async {
    let early = Promise<Int>()
    early.fulfil(1)
    early.fulfil(2)
    #expect(await early.value() == 1)
    let late = Promise<Int>()
    let waiting = Task { await late.value(within: .seconds(60)) }
    late.fulfil(3)
    #expect(await waiting.value == 3)
  }

  @Test func cancelledTaskDoesNotWait() async {
    let never = Promise<Int>()
    let waiting = Task { await never.value() }
    waiting.cancel()
    #expect(await waiting.value == nil)
  }

  @Test func limitEndsTheWait() async {
    #expect(await Promise<Int>().value(within: .zero) == nil)
  }
}
