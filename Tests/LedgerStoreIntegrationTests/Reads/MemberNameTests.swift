import Ledger
import LedgerStore
import Testing

@Suite struct MemberNameTests {
  @Test func membersAreNamedByTheirUserIdsAndErasedOnesByTheirIds() async throws {
    try await withLedgerStore { store, database in
      let fixture = try await ErasureFixture.make(in: store, database)
      try await fixture.resolveOpen(in: store)
      let (team, first, erased) = (fixture.ledger.team, fixture.ledger.first, fixture.member)
      let all: Set<MemberID> = [first, erased, MemberID(bits: 0xFFFF)]
      #expect(try await store.userIDs(of: all, team: team) == [first: "user-1", erased: ErasureFixture.word])
      #expect(try await store.memberIDs(named: [ErasureFixture.word, "nobody"], team: team) == [erased])
      let everything = UsageRequest(team: team, bounds: [.epoch, .maximum], grouping: [.member])
      let named = try await store.usage(everything).names
      #expect(named[first] == "user-1" && named[erased] == ErasureFixture.word)
      _ = try await store.erase(
        member: ErasureFixture.word, of: team, by: Administrator(name: "test", reason: "they asked"))
      #expect(try await store.userIDs(of: all, team: team) == [first: "user-1", erased: "\(erased)"])
      let renamed = try await store.usage(everything).names
      #expect(renamed[first] == "user-1" && renamed[erased] == "\(erased)")
      var one = everything
      one.filters.members = [erased]
      #expect(try await store.usage(one).names == [erased: "\(erased)"])
      one.grouping = [.model]
      #expect(try await store.usage(one).names == [:])
      #expect(try await store.memberIDs(named: [ErasureFixture.word], team: team) == [])
      #expect(try await store.memberIDs(named: ["\(erased)"], team: team) == [erased])
      // Who is there is named by the user id alone.
      #expect(try await store.memberIDs(named: ["\(first)", "user-1\0", ""], team: team) == [])
      #expect(Set(try await store.memberIDs(named: ["user-1", "user-2"], team: team)).count == 2)
      // Of another team nobody is known.
      #expect(try await store.userIDs(of: all, team: TeamID(bits: 0xA1)) == [:])
      #expect(try await store.memberIDs(named: ["user-1"], team: TeamID(bits: 0xA1)) == [])
      #expect(try await store.userIDs(of: [], team: team) == [:])
    }
  }
}
