import Ledger
import LedgerStore
import TallyTesting
import Testing

@Suite struct RecordTests {
  @Test func recordIsReadAsItWasWritten() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let found = try await store.record(ledger.settled, of: ledger.team)
      let record = try #require(found)
      #expect(record.state == .settled)
      #expect(record.credits == Credits(SmallLedger.price))
      #expect(record.promptObject == #"{"prompt":"a test","n":1}"#)
      #expect(record.metadata == #"{"a":1}"#)
      #expect(record.resultKeys == ["images/\(ledger.settled)_0.png"])
      #expect(record.userID == "user-1")
      let credited = try await store.record(ledger.credited)
      #expect(credited?.credits == Credits(2 * SmallLedger.price - 6_000))
      #expect(credited?.credited == Credits(6_000))
      let refused = try await store.record(ledger.refused)
      #expect(refused?.state == .refused)
      #expect(refused?.heldCredits == .zero)
      #expect(try await store.record(ledger.settled, of: TeamID(bits: 1)) == nil)
      #expect(try await store.record(RecordID(bits: 1)) == nil)
    }
  }

  @Test func positionIsThatOfTheResolvingLine() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let found = try await store.record(ledger.settled, of: ledger.team)
      let record = try #require(found)
      let position = try await store.recordPosition(of: record)
      #expect(position?.index == record.resolveIndex)
      #expect(position?.log == "tally.local/\(ledger.team)")
      #expect(position?.at == record.resolvedAt)
      let leaf = try await database.texts(
        "SELECT encode(leaf, 'hex') FROM tally.log_line WHERE index = \(record.resolveIndex ?? -1)")
      #expect(leaf == [position.map { "\($0.leaf)" }])
      let open = try await store.record(ledger.held, of: ledger.team)
      #expect(try await store.recordPosition(of: #require(open)) == nil)
    }
  }

  @Test func listingIsInPagesTheNewestFirst() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let newestFirst = [
        ledger.refused, ledger.credited, ledger.held, ledger.inDoubt, ledger.released, ledger.settled,
      ]
      for size in 1...7 {
        var seen: [RecordID] = []
        var filter = RecordFilter(limit: size)
        while true {
          let page = try await store.records(of: ledger.team, filter, member: nil)
          seen += page.elements.map(\.record)
          filter.after = page.elements.last?.record
          #expect(page.elements.count <= size)
          if !page.hasMore { break }
          #expect(page.elements.count == size)
        }
        #expect(seen == newestFirst, "pages of \(size)")
      }
    }
  }

  @Test func listingShowsWhatTheFilterLetsThrough() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      func listed(_ filter: RecordFilter, member: MemberID? = nil) async throws -> [RecordID] {
        try await store.records(of: ledger.team, filter, member: member).elements.map(\.record)
      }
      #expect(try await listed(RecordFilter(states: [.held, .inDoubt])) == [ledger.held, ledger.inDoubt])
      #expect(try await listed(RecordFilter(states: [])) == [])
      #expect(try await listed(RecordFilter(userID: "user-2")) == [ledger.credited])
      #expect(try await listed(RecordFilter(userID: "nobody")) == [])
      #expect(try await listed(RecordFilter(userID: "user-2\0")) == [])
      #expect(try await listed(RecordFilter(), member: ledger.second) == [ledger.credited])
      // Nobody gets around being confined to own records.
      #expect(try await listed(RecordFilter(userID: "user-1"), member: ledger.second) == [])
      #expect(
        try await listed(RecordFilter(after: ledger.held, states: [.settled]), member: ledger.first) == [ledger.settled]
      )
    }
  }

  @Test func listingRefusesAWrongStartOrLength() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      for (filter, field) in [
        (RecordFilter(limit: 0), "limit"), (RecordFilter(limit: 101), "limit"),
        (RecordFilter(after: RecordID(bits: 1)), "after"),
      ] {
        let error = await #expect(throws: StoreError.self) {
          try await store.records(of: ledger.team, filter, member: nil)
        }
        guard case .invalid(field: field, message: _)? = error?.reason else {
          Issue.record("\(String(describing: error))")
          continue
        }
      }
      let error = await #expect(throws: StoreError.self) {
        try await store.records(of: TeamID(bits: 1), RecordFilter(), member: nil)
      }
      #expect(error?.reason == .notFound("the team"))
    }
  }

  /// Records that lie far apart in a long log are found window by window.
  @Test func rareRecordsAreFoundInALongLog() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let size = 1_000_000
      try await database.execute(
        """
        UPDATE tally.team SET log_size = \(size);
        INSERT INTO tally.record (team_id, record_id, member_id, key_id, instance_id, state, model, quality, size, n,
                                  unit_price, price_version, held, hold_index, created_at, prompt_object)
        SELECT team_id, gen_random_uuid(), member_id, key_id, instance_id, 'held', model, quality, size, n, unit_price,
               price_version, held, i, created_at, '{}'
          FROM tally.record, generate_series(1000, \(size - 1), 333) AS i
         WHERE record_id = '\(ledger.held)'
        """)
      let page = try await store.records(of: ledger.team, RecordFilter(states: [.settled]), member: nil)
      #expect(page.elements.map(\.record) == [ledger.credited, ledger.settled])
      #expect(!page.hasMore)
      let all = try await store.records(of: ledger.team, RecordFilter(limit: 100), member: nil)
      #expect(all.elements.count == 100)
      #expect(all.hasMore)
      #expect(all.elements.map(\.holdIndex) == all.elements.map(\.holdIndex).sorted(by: >))
    }
  }
}
