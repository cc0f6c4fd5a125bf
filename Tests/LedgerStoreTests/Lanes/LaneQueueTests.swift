import Ledger
import LedgerStore
import Testing

@Suite struct LaneQueueTests {
  private let lane = LaneFixture()
  private var now: ContinuousClock.Instant { lane.instant }

  private func tickets(_ entries: [LaneEntry]) -> [UInt64] { entries.map(\.ticket) }

  @Test func teamsTakeTurns() {
    var queue = LaneQueue(maximumWaiting: 100, maximumWaitingPerTeam: 100)
    for ticket in 1...6 { _ = queue.add(lane.entry(lane.hold(UInt128(ticket), team: 1), ticket: UInt64(ticket))) }
    _ = queue.add(lane.entry(lane.hold(50, team: 2), ticket: 50))
    _ = queue.add(lane.entry(lane.hold(60, team: 3), ticket: 60))
    #expect(tickets(queue.take(maximum: 4, now: now)) == [1, 50, 60, 2])
    #expect(tickets(queue.take(maximum: 100, now: now)) == [3, 4, 5, 6])
    #expect(queue.isEmpty)
  }

  @Test func resolutionsComeFirstAndAreNeverRefused() {
    var queue = LaneQueue(maximumWaiting: 1, maximumWaitingPerTeam: 1)
    #expect(queue.add(lane.entry(lane.hold(1), ticket: 1)) == .waiting)
    #expect(queue.add(lane.entry(lane.hold(2), ticket: 2)) == .laneFull)
    for ticket in 10...20 {
      #expect(queue.add(lane.entry(lane.release(UInt128(ticket)), ticket: UInt64(ticket))) == .waiting)
    }
    #expect(tickets(queue.take(maximum: 3, now: now)) == [10, 11, 12])
    #expect(tickets(queue.take(maximum: 100, now: now)) == Array(13...20) + [1])
  }

  @Test func aFloodTakesOnlyItsShareOfABatch() {
    var queue = LaneQueue(maximumWaiting: 1_000, maximumWaitingPerTeam: 1_000, share: 3)
    for ticket in 0..<10 { _ = queue.add(lane.entry(lane.hold(UInt128(ticket), team: 1), ticket: UInt64(ticket))) }
    for ticket in 10..<20 {
      _ = queue.add(lane.entry(lane.release(UInt128(ticket), team: 1), ticket: UInt64(ticket)))
    }
    _ = queue.add(lane.entry(lane.hold(50, team: 2), ticket: 50))
    #expect(tickets(queue.take(maximum: 100, now: now)) == [10, 11, 12, 50])
    #expect(tickets(queue.take(maximum: 100, now: now)) == [13, 14, 15])
    _ = queue.add(lane.entry(lane.release(60, team: 2), ticket: 60))
    #expect(tickets(queue.take(maximum: 2, now: now)) == [16, 60])
    #expect(tickets(queue.take(maximum: 100, now: now)) == [17, 18, 19])
    #expect(tickets(queue.take(maximum: 100, now: now)) == [0, 1, 2])
  }

  @Test func aTeamThatIsAloneForLongEnoughHasWholeBatches() {
    var queue = LaneQueue(maximumWaiting: 1_000, maximumWaitingPerTeam: 1_000, share: 3)
    func flood(_ count: Int) {
      for _ in 0..<count { _ = queue.add(lane.entry(lane.hold(1, team: 1), ticket: 1)) }
    }
    flood(100)
    #expect(queue.take(maximum: 10, now: now).count == 3)
    let later = now + LaneQueue.solitude
    #expect(queue.take(maximum: 10, now: later).count == 10)
    // Somebody else: from now on short batches again, until it was away for as long.
    _ = queue.add(lane.entry(lane.hold(2, team: 2), ticket: 2))
    #expect(queue.take(maximum: 10, now: later).count == 4)
    #expect(queue.take(maximum: 10, now: later + .milliseconds(10)).count == 3)
    #expect(queue.take(maximum: 10, now: later + LaneQueue.solitude).count == 3)
    #expect(queue.take(maximum: 10, now: later + LaneQueue.solitude + .milliseconds(10)).count == 10)
  }

  @Test func removedCommandsFreeTheirPlaces() {
    var queue = LaneQueue(maximumWaiting: 2, maximumWaitingPerTeam: 2)
    _ = queue.add(lane.entry(lane.hold(1), ticket: 1))
    _ = queue.add(lane.entry(lane.hold(2), ticket: 2))
    #expect(tickets(queue.removeWaiting { $0.ticket == 1 }) == [1])
    #expect(queue.add(lane.entry(lane.hold(3), ticket: 3)) == .waiting)
    #expect(tickets(queue.take(maximum: 10, now: now)) == [2, 3])
  }

  @Test(arguments: [11, 222, 3_333] as [UInt64]) func nothingIsLostDoubledOrOutOfItsTeamsOrder(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var queue = LaneQueue(maximumWaiting: 10_000, maximumWaitingPerTeam: 10_000)
    var taken: [LaneEntry] = []
    var added: UInt64 = 0
    for _ in 0..<500 {
      if random.next() % 3 > 0 {
        let team = UInt128(random.next() % 5)
        let command = random.next() % 4 == 0 ? lane.release(1, team: team) : lane.hold(1, team: team)
        #expect(queue.add(lane.entry(command, ticket: added)) == .waiting)
        added += 1
      } else {
        taken += queue.take(maximum: Int(random.next() % 7), now: now)
      }
    }
    taken += queue.take(maximum: 10_000, now: now)
    #expect(taken.map(\.ticket).sorted() == Array(0..<added), "seed \(seed)")
    for kind in [true, false] {
      let byTeam = Dictionary(grouping: taken.filter { $0.isResolution == kind }, by: \.command.team)
      for entries in byTeam.values { #expect(entries.map(\.ticket) == entries.map(\.ticket).sorted(), "seed \(seed)") }
    }
  }
}

/// A small generator with a seed, so that a failing case can be run again.
private struct SplitMix64 {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
