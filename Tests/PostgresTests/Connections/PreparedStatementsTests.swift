import Postgres
import Testing

@Suite struct PreparedStatementsTests {
  private typealias Plan = PreparedStatements.Plan
  private let key = PreparedStatements.Key(name: "load", sql: "SELECT $1")

  private func plan(_ step: PreparedStatements.Step) -> PreparedStatements.Plan {
    switch step {
    case .run(let plan), .prepareAndRun(let plan): plan
    }
  }

  @Test func preparedOnceConfirmedThenRun() {
    var cache = PreparedStatements()
    cache.begin()
    let first = cache.step(for: key, types: [20])
    #expect(first == .prepareAndRun(plan(first)))
    #expect(cache.step(for: key, types: [20]) == .run(plan(first)), "twice in one pipeline")
    cache.confirm(key, plan(first))
    cache.begin()
    #expect(cache.step(for: key, types: [20]) == .run(plan(first)))
  }

  @Test func notPreparedUnlessTheServerSaysSo() {
    var cache = PreparedStatements()
    cache.begin()
    let lost = plan(cache.step(for: key, types: [20]))
    cache.begin()
    let again = cache.step(for: key, types: [20])
    #expect(again == .prepareAndRun(plan(again)))
    #expect(plan(again).serverName != lost.serverName)
  }

  @Test func nullFitsAnyType() {
    var cache = PreparedStatements()
    cache.begin()
    let first = plan(cache.step(for: key, types: [20, 25]))
    #expect(cache.step(for: key, types: [0, 25]) == .run(first))
  }

  @Test func aTypeThatWasNullBeforeIsPreparedAnew() {
    var cache = PreparedStatements()
    cache.begin()
    let first = plan(cache.step(for: key, types: [0, 25]))
    let second = cache.step(for: key, types: [20, 0])
    #expect(second == .prepareAndRun(plan(second)))
    #expect(plan(second).types == [20, 25], "what is known of both")
    #expect(plan(second).serverName != first.serverName)
    #expect(cache.step(for: key, types: [0, 0]) == .run(plan(second)))
  }

  @Test func textsUnderOneNameDoNotMix() {
    var cache = PreparedStatements()
    cache.begin()
    let first = plan(cache.step(for: key, types: []))
    let other = cache.step(for: PreparedStatements.Key(name: "load", sql: "SELECT 2"), types: [])
    #expect(other == .prepareAndRun(plan(other)))
    #expect(plan(other).serverName != first.serverName)
  }

  @Test func forgettingAsksForTheServersToBeDropped() {
    var cache = PreparedStatements()
    cache.begin()
    let first = plan(cache.step(for: key, types: []))
    cache.confirm(key, first)
    cache.forget()
    #expect(cache.mustDeallocate)
    #expect(cache.count == 0)
    let again = plan(cache.step(for: key, types: []))
    #expect(again.serverName != first.serverName, "the old name may still be taken")
    cache.deallocated()
    #expect(!cache.mustDeallocate)
  }

  @Test func theCacheHasALimit() {
    var cache = PreparedStatements()
    cache.begin()
    for number in 0..<PreparedStatements.maximumCount {
      let key = PreparedStatements.Key(name: "s", sql: "SELECT \(number)")
      cache.confirm(key, plan(cache.step(for: key, types: [])))
    }
    #expect(cache.count == PreparedStatements.maximumCount)
    cache.begin()
    #expect(cache.count == 0)
  }
}
