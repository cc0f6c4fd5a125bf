import Ledger
import LedgerStore
import TallyTesting
import Testing

@Suite struct LineSearchTests {
  @Test(arguments: 0..<100)
  func theFirstLineNotBeforeEachMomentIsFound(number: Int) {
    let seed = RunSeed.value &+ UInt64(number)
    var random = SeededGenerator(seed: seed)
    var times: [Timestamp] = []
    var now: Int64 = 100
    for _ in 0..<Int.random(in: 0...5_000, using: &random) {
      // Many lines of one batch have the same time.
      if random.chance(40) { now += Int64.random(in: 1...50, using: &random) }
      times.append(Timestamp(microseconds: now))
    }
    let first = Int64.random(in: 0...Int64(times.count), using: &random)
    let moments = (0..<Int.random(in: 1...400, using: &random)).map { _ in
      Timestamp(microseconds: Int64.random(in: 0...(now + 50), using: &random))
    }
    var search = LineSearch(moments, from: first, to: Int64(times.count))
    var rounds = 0
    while !search.probes.isEmpty, rounds < 100 {
      let probes = search.probes
      #expect(probes.count <= LineSearch.linesPerRound, "seed \(seed)")
      for index in probes { search.take(index, at: times[Int(index)]) }
      rounds += 1
    }
    let expected = moments.map { moment in
      Int64(times[Int(first)...].firstIndex { $0 >= moment } ?? times.count)
    }
    #expect(search.found == expected, "seed \(seed)")
  }

  @Test func oneMomentAmongMillionsTakesFewRounds() {
    let size: Int64 = 50_000_000
    var search = LineSearch([Timestamp(microseconds: 31_415_926)], from: 0, to: size)
    var rounds = 0
    while !search.probes.isEmpty {
      for index in search.probes { search.take(index, at: Timestamp(microseconds: index)) }
      rounds += 1
    }
    #expect(search.found == [31_415_926])
    #expect(rounds <= 4)
  }
}
