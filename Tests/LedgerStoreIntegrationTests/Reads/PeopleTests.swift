import Ledger
import LedgerStore
import TallyTesting
import Testing

@Suite struct PeopleTests {
  @Test func teamIsFoundByItsIdAndByItsUniqueName() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let team = try await store.team(ledger.team)
      #expect(team.name == ledger.name)
      #expect(team.limit == Credits(10_000_000))
      #expect(team.logSize == 18)
      #expect(team.logOrigin == "tally.local/\(ledger.team)")
      #expect(team.budget.used == Credits(3 * SmallLedger.price - 6_000))
      #expect(team.budget.held == Credits(2 * SmallLedger.price))
      #expect(try await store.team(named: "\(ledger.team)") == team)
      #expect(try await store.team(named: ledger.name) == team)
      #expect(try await store.teams() == [team])

      for name in ["small team", "", "Small Team ", "a\0b", "\(TeamID(bits: 1))"] {
        let error = await #expect(throws: StoreError.self) { try await store.team(named: name) }
        #expect(error?.reason == .notFound("the team"), "\(name)")
      }
      try await database.execute(
        """
        INSERT INTO tally.team (team_id, name, status, time_zone, period, log_origin, created_at)
        VALUES ('00000000-0000-0000-0000-0000000000ff', '\(ledger.name)', 'ACTIVE', 'UTC', 'month', 'log', now())
        """)
      let error = await #expect(throws: StoreError.self) { try await store.team(named: ledger.name) }
      #expect(error?.description.contains("\(ledger.team)") == true)
      #expect(error?.description.contains("0000000000ff") == true)
    }
  }

  @Test func membersAreListedWithTheirRunningBudget() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let members = try await store.members(of: ledger.team)
      #expect(members.map(\.userID) == ["user-1", "user-2"])
      #expect(members.map(\.limit) == [Credits(200_000), Credits(500_000)])
      #expect(members[0].budget.used == Credits(SmallLedger.price))
      #expect(members[0].budget.held == Credits(2 * SmallLedger.price))
      #expect(members[0].budget.available == Credits(200_000 - 3 * SmallLedger.price))
      #expect(members[0].budget.subject == "user-1")
      #expect(members[1].budget.used == Credits(2 * SmallLedger.price - 6_000))
      #expect(members[1].updatedBy == "test")
      #expect(try await store.member(of: ledger.team, userID: "user-2") == members[1])
      #expect(try await store.memberBudget(team: ledger.team, member: ledger.first) == members[0].budget)
      for user in ["user-3", "USER-1", "user-1\0"] {
        let error = await #expect(throws: StoreError.self) {
          try await store.member(of: ledger.team, userID: user)
        }
        #expect(error?.reason == .notFound("the member"))
      }
      #expect(try await store.members(of: TeamID(bits: 1)).isEmpty)
    }
  }

  @Test func keysShowHintsAndBudgetsAndNoHashes() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let keys = try await store.keys(of: ledger.team)
      #expect(keys.map(\.id) == [ledger.firstKey, ledger.secondKey, ledger.rotatedKey])
      #expect(keys.map(\.hint) == ["aaaa", "bbbb", "cccc"])
      #expect(keys[0].scopes == [.edit, .reports])
      #expect(keys[0].ratePerMinute == 60)
      #expect(keys[0].budget?.limit == Credits(150_000))
      #expect(keys[0].budget?.used == Credits(SmallLedger.price))
      #expect(keys[0].budget?.held == Credits(2 * SmallLedger.price))
      #expect(keys[0].budget?.resetsAt == nil)
      #expect(keys[1].budget == nil)
      #expect(keys[1].expiresAt != nil)
      #expect(keys[2].expiresAt == nil)
      #expect(keys[2].userID == "user-2")
      #expect(try await store.key(ledger.firstKey) == keys[0])
      let error = await #expect(throws: StoreError.self) { try await store.key(KeyID(bits: 1)) }
      #expect(error?.reason == .notFound("the key"))
    }
  }

  @Test func principalIsFoundByTheKeysHashAlone() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let found = try await store.principal(keyHash: try SmallLedger.hash(1))
      let principal = try #require(found)
      #expect(principal.team == ledger.team)
      #expect(principal.member == ledger.first)
      #expect(principal.userID == "user-1")
      #expect(principal.key == ledger.firstKey)
      #expect(principal.scopes == [.edit, .reports])
      #expect(principal.creditLimit == Credits(200_000))
      #expect(try await store.principal(keyHash: try SmallLedger.hash(3))?.key == ledger.rotatedKey)
      #expect(try await store.principal(keyHash: try SmallLedger.hash(9)) == nil)
      _ = try await store.revokeKey(team: ledger.team, key: ledger.firstKey, by: SmallLedger.administrator)
      #expect(try await store.principal(keyHash: try SmallLedger.hash(1))?.revokedAt != nil)
    }
  }

  @Test func keyUseIsNotedAtMostOnceAMinute() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let start = try #require(Timestamp(rfc3339: "2026-11-23T12:00:00Z"))
      for (seconds, noted) in [(0, 0), (59, 0), (60, 60), (30, 60), (119, 60), (120, 120)] as [(Int64, Int64)] {
        await store.noteKeyUse(team: ledger.team, key: ledger.firstKey, at: start.adding(seconds: seconds))
        #expect(try await store.key(ledger.firstKey).lastUsedAt == start.adding(seconds: noted))
      }
      // Another team's key is not there.
      await store.noteKeyUse(team: TeamID(bits: 1), key: ledger.secondKey, at: start)
      #expect(try await store.key(ledger.secondKey).lastUsedAt == nil)
    }
  }

  /// More than fit on one page of the store's own reading.
  @Test func listingsAreWholeWhateverTheirLength() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      try await database.execute(
        """
        INSERT INTO tally.member (team_id, member_id, user_id, user_name, role, status, period, created_at, created_by,
                                  updated_at, updated_by)
        SELECT '\(ledger.team)', gen_random_uuid(), 'many-' || i, 'Many', 'MEMBER', 'ACTIVE', 'month', now(), 'SYSTEM',
               now(), 'SYSTEM'
          FROM generate_series(1, 2500) AS i
        """)
      let members = try await store.members(of: ledger.team)
      #expect(members.count == 2_502)
      #expect(Set(members.map(\.id)).count == 2_502)
    }
  }
}
