import Ledger
import LedgerStore
import Postgres
import Synchronization
import TallyTesting
import Testing
import TransparencyLog

@Suite struct ErasureTests {
  private static let by = Administrator(name: "test", reason: "they asked for it")

  private static func erasedLines(in database: LedgerDatabase) async throws -> [PrivateErased] {
    try await database.texts(
      "SELECT convert_from(line, 'UTF8') FROM tally.log_line WHERE line <> '' ORDER BY index"
    ).compactMap { text in
      guard case .privateErased(let erased) = try Line.parse(Array((text ?? "").utf8)).1 else { return nil }
      return erased
    }
  }

  @Test func theListOfPersonalColumnsIsThatOfTheSchema() async throws {
    try await withLedgerDatabase { database in
      let columns = try await database.texts(
        """
        SELECT format('%s.%s', c.relname, a.attname)
          FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE c.relnamespace = to_regnamespace('tally') AND c.relkind = 'r'
           AND col_description(c.oid, a.attnum) LIKE '%; personal%'
        """)
      let listed = PersonalTable.allCases.flatMap { table in table.columns.map { "\(table.rawValue).\($0)" } }
      #expect(Set(columns) == Set(listed))
      #expect(Set(listed).count == listed.count)
    }
  }

  @Test func ofAnErasedMemberNothingPersonalIsLeft() async throws {
    try await withLedgerStore { store, database in
      let fixture = try await ErasureFixture.make(in: store, database)
      try await fixture.resolveOpen(in: store)
      // The test looks where it should: everything is there before.
      let before = try await ErasureFixture.tablesWithTheWord(in: database)
      #expect(before == PersonalTable.allCases.map(\.rawValue).sorted())
      let others = try await database.texts(
        "SELECT prompt_object FROM tally.record WHERE member_id <> '\(fixture.member)' ORDER BY record_id")
      let root = try await store.logState(of: fixture.ledger.team).peaks.root
      let size = try await store.logState(of: fixture.ledger.team).size
      let report = try await store.erase(member: ErasureFixture.word, of: fixture.ledger.team, by: Self.by)
      let left = try await ErasureFixture.tablesWithTheWord(in: database)
      #expect(left == [])
      let told = try await Self.erasedLines(in: database)
      #expect(
        told == [
          PrivateErased(
            erasure: report.erasure.id, target: .member(fixture.member), counted: report.erasure.counted)
        ])
      #expect(report.erasure.index == size)
      // 13 payloads, four records, three assets, the member's own row.
      #expect(report.erasure.counted == 21)
      #expect(
        try await database.texts(
          "SELECT prompt_object FROM tally.record WHERE member_id <> '\(fixture.member)' ORDER BY record_id") == others)
      let member = try await store.member(of: fixture.ledger.team, userID: "erased-\(fixture.member)")
      #expect(member.userName == "erased")
      try await expectSound(store)
      // The tree over the lines of before is the same.
      let proof = try await store.treeRows(
        of: fixture.ledger.team, try ConsistencyProof.plan(oldSize: size, newSize: size + 1).rows)
      try ConsistencyProof(oldSize: size, newSize: size + 1, from: proof.hash)
        .verify(oldRoot: root, newRoot: try await store.logState(of: fixture.ledger.team).peaks.root)
    }
  }

  @Test func ofErasedEditsNothingPersonalIsLeftAndOthersStay() async throws {
    try await withLedgerStore { store, database in
      let fixture = try await ErasureFixture.make(in: store, database)
      let team = fixture.ledger.team
      let report = try await store.erase(records: [fixture.released, fixture.settled], of: team, by: Self.by)
      #expect(
        try await Self.erasedLines(in: database) == [
          PrivateErased(
            erasure: report.erasure.id, target: .records([fixture.settled, fixture.released]),
            counted: report.erasure.counted)
        ])
      // Five payloads, two records, one asset.
      #expect(report.erasure.counted == 8)
      for id in [fixture.settled, fixture.released] {
        let record = try #require(try await store.record(id, of: team))
        #expect(record.erasedAt != nil)
        #expect(record.promptObject == "{}")
        #expect(record.metadata == nil && record.resultKeys == nil && record.temporaryURL == nil)
        #expect(record.responseObject == nil && record.feedback == nil && record.errorDetails == nil)
      }
      let released = try #require(try await store.record(fixture.released, of: team))
      #expect(released.errorStatus == 400 && released.errorCode == "BAD")
      #expect(released.errorMessage == PersonalTable.erasedMessage)
      let open = try #require(try await store.record(fixture.open, of: team))
      #expect(open.erasedAt == nil && open.promptObject.contains(ErasureFixture.word))
      try await expectSound(store)
    }
  }

  @Test func editsThatAreOpenKeepTheErasureBackAndAreNamed() async throws {
    try await withLedgerStore { store, database in
      let fixture = try await ErasureFixture.make(in: store, database)
      let team = fixture.ledger.team
      let count = try await database.texts("SELECT count(*)::text FROM tally.log_private")
      for attempt in 0..<2 {
        let error = await #expect(throws: StoreError.self) {
          if attempt == 0 {
            _ = try await store.erase(member: ErasureFixture.word, of: team, by: Self.by)
          } else {
            _ = try await store.erase(records: [fixture.settled, fixture.open], of: team, by: Self.by)
          }
        }
        guard case .conflict(let text) = error?.reason else {
          Issue.record("\(String(describing: error))")
          return
        }
        #expect(text.contains("\(fixture.open)"))
      }
      #expect(try await database.texts("SELECT count(*)::text FROM tally.log_private") == count)
      #expect(try await store.erasures(of: team) == [])
      // Another member's open edits are no hindrance, and once it is resolved nothing is.
      try await fixture.resolveOpen(in: store)
      _ = try await store.erase(member: ErasureFixture.word, of: team, by: Self.by)
      try await expectSound(store)
    }
  }

  @Test func aLegalHoldForbidsErasure() async throws {
    try await withLedgerStore { store, database in
      let fixture = try await ErasureFixture.make(in: store, database)
      let team = fixture.ledger.team
      try await fixture.resolveOpen(in: store)
      try await store.changeLegalHold(of: team, isOn: true, by: Self.by)
      let count = try await database.texts("SELECT count(*)::text FROM tally.log_private")
      for attempt in 0..<2 {
        let error = await #expect(throws: StoreError.self) {
          if attempt == 0 {
            _ = try await store.erase(member: ErasureFixture.word, of: team, by: Self.by)
          } else {
            _ = try await store.erase(records: [fixture.settled], of: team, by: Self.by)
          }
        }
        #expect(error?.description.contains("legal hold") == true)
      }
      #expect(try await database.texts("SELECT count(*)::text FROM tally.log_private") == count)
      try await store.changeLegalHold(of: team, isOn: false, by: Self.by)
      _ = try await store.erase(records: [fixture.settled], of: team, by: Self.by)
    }
  }

  /// A legal hold that is placed while an erasure runs stops it; lifted, it goes on under its id.
  @Test func anErasureThatWasCutOffGoesOnUnderItsID() async throws {
    try await withLedgerStore { store, database in
      let fixture = try await ErasureFixture.make(in: store, database)
      let team = fixture.ledger.team
      try await fixture.resolveOpen(in: store)
      let hold = Mutex(true)
      await #expect(throws: StoreError.self) {
        _ = try await store.erase(member: ErasureFixture.word, of: team, by: Self.by) { _ in
        } pause: { _ in
          // After the first transaction.
          guard hold.withLock({ $0 }) else { return }
          hold.withLock { $0 = false }
          try await store.changeLegalHold(of: team, isOn: true, by: Self.by)
        }
      }
      let cut = try #require(try await store.erasures(of: team).first)
      #expect(cut.index == nil && cut.counted > 0)
      // What is gone so far is no violation: it is known to be on its way.
      try await expectSound(store)
      #expect(try await Self.erasedLines(in: database) == [])
      try await store.changeLegalHold(of: team, isOn: false, by: Self.by)
      // Whatever is erased next, this is finished first.
      let report = try await store.erase(records: [fixture.ledger.settled], of: team, by: Self.by)
      #expect(report.finishedFirst?.id == cut.id)
      #expect(report.finishedFirst?.counted == 21)
      let left = try await ErasureFixture.tablesWithTheWord(in: database)
      #expect(left == [])
      #expect(try await Self.erasedLines(in: database).map(\.erasure) == [cut.id, report.erasure.id])
      try await expectSound(store)
    }
  }

  @Test func theSameErasureThatWasCutOffIsOne() async throws {
    struct Cut: Error {}
    try await withLedgerStore { store, database in
      let fixture = try await ErasureFixture.make(in: store, database)
      let team = fixture.ledger.team
      try await fixture.resolveOpen(in: store)
      await #expect(throws: StoreError.self) {
        _ = try await store.erase(member: ErasureFixture.word, of: team, by: Self.by) { _ in
        } pause: { _ in
          throw Cut()
        }
      }
      let cut = try #require(try await store.erasures(of: team).first)
      let report = try await store.erase(member: ErasureFixture.word, of: team, by: Self.by)
      #expect(report.erasure.id == cut.id)
      #expect(report.finishedFirst == nil)
      #expect(report.erasure.counted == 21)
      #expect(try await Self.erasedLines(in: database).count == 1)
    }
  }

  @Test func lateResultsOfAnErasedEditAreNotKept() async throws {
    try await withLedgerStore { store, database in
      let fixture = try await ErasureFixture.make(in: store, database)
      let team = fixture.ledger.team
      _ = try await store.settle(
        SettleRequest(
          team: team, record: fixture.open, upstreamUUID: nil, resultKeys: [], temporaryURL: nil, assumed: true))
      _ = try await store.erase(member: ErasureFixture.word, of: team, by: Self.by)
      let proven = try await store.settle(fixture.settlement(of: fixture.open))
      #expect(proven.wasResolvedBefore)
      let record = try #require(try await store.record(fixture.open, of: team))
      #expect(!record.assumed)
      #expect(record.upstreamUUID == "upstream-\(fixture.open)")
      let left = try await ErasureFixture.tablesWithTheWord(in: database)
      #expect(left == [])
      try await expectSound(store)
    }
  }

  @Test func retriesOfErasedEditsCostNothingMore() async throws {
    try await withLedgerStore { store, database in
      let fixture = try await ErasureFixture.make(in: store, database)
      let team = fixture.ledger.team
      _ = try await store.erase(
        records: [fixture.settled, fixture.released, fixture.refused], of: team, by: Self.by)
      let size = try await store.team(team).logSize
      for (key, record, n) in [
        ("", fixture.settled, 1), ("2 ", fixture.released, 1), ("3 ", fixture.refused, 10),
      ] {
        let answer = try await store.hold(
          fixture.request(RecordID(bits: 0xFF), n: n, idempotencyKey: key + ErasureFixture.word))
        guard case .repeated(let edit) = answer else {
          Issue.record("\(answer)")
          return
        }
        #expect(edit.record == record)
        #expect((edit.refused != nil) == (record == fixture.refused))
      }
      #expect(try await store.team(team).logSize == size)
    }
  }

  @Test func twoCommandsThatEraseTheSameWriteOneLine() async throws {
    try await withLedgerStore { store, database in
      let fixture = try await ErasureFixture.make(in: store, database)
      let team = fixture.ledger.team
      try await fixture.resolveOpen(in: store)
      struct Cut: Error {}
      await #expect(throws: StoreError.self) {
        _ = try await store.erase(member: ErasureFixture.word, of: team, by: Self.by) { _ in
        } pause: { _ in
          throw Cut()
        }
      }
      let reports = await withTaskGroup(of: ErasureReport?.self) { group in
        for _ in 0..<4 {
          group.addTask { try? await store.erase(records: [fixture.ledger.settled], of: team, by: Self.by) }
        }
        var reports: [ErasureReport] = []
        // Whoever comes while another one runs is told to wait.
        for await case let report? in group { reports.append(report) }
        return reports
      }
      #expect(!reports.isEmpty)
      let members = try await Self.erasedLines(in: database).filter { $0.target == .member(fixture.member) }
      #expect(members.map(\.counted) == [21])
      try await expectSound(store)
    }
  }

  @Test(arguments: [
    "INSERT INTO tally.log_private SELECT team_id, INDEX, salt, payload FROM tally.log_private WHERE index = 0",
    "DELETE FROM tally.log_private WHERE index = 0",
    "DELETE FROM tally.erasure",
  ])
  func theCheckKnowsWhatMayBeMissing(damage: String) async throws {
    try await withLedgerStore { store, database in
      let fixture = try await ErasureFixture.make(in: store, database)
      let team = fixture.ledger.team
      _ = try await store.erase(records: [fixture.settled], of: team, by: Self.by)
      let hold = try #require(try await store.record(fixture.settled, of: team)).holdIndex
      // Of the first line no erasure tells; and the payload of an erased one may not be there.
      try await database.execute(damage.replacing("INDEX", with: "\(hold)"))
      let violations = try await store.check().violations
      #expect(!violations.isEmpty)
      #expect(
        violations.contains { $0.invariant == .privatePayloadMatchesLine || $0.invariant == .teamMatchesLog })
    }
  }

  @Test func aPayloadThatWasErasedMustBeGone() async throws {
    try await withLedgerStore { store, database in
      let fixture = try await ErasureFixture.make(in: store, database)
      let team = fixture.ledger.team
      try await database.execute("CREATE TABLE kept AS SELECT * FROM tally.log_private")
      _ = try await store.erase(records: [fixture.settled], of: team, by: Self.by)
      try await database.execute("INSERT INTO tally.log_private SELECT * FROM kept ON CONFLICT DO NOTHING")
      let messages = try await store.check().violations.map(\.message)
      #expect(
        messages == [
          "it was erased and is still there", "it was erased and is still there",
          "it was erased and is still there",
        ])
    }
  }

  @Test func strangersCannotBeErased() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let unknown = RecordID(bits: 0xABC)
      let error = await #expect(throws: StoreError.self) {
        _ = try await store.erase(records: [unknown], of: ledger.team, by: Self.by)
      }
      #expect(error?.reason == .notFound("record \(unknown)"))
      let member = await #expect(throws: StoreError.self) {
        _ = try await store.erase(member: "nobody", of: ledger.team, by: Self.by)
      }
      guard case .notFound = member?.reason else {
        Issue.record("\(String(describing: member))")
        return
      }
      let many = await #expect(throws: StoreError.self) {
        _ = try await store.erase(
          records: (0...PrivateErased.recordsMaximum).map { RecordID(bits: UInt128($0)) }, of: ledger.team, by: Self.by)
      }
      guard case .invalid("record", _) = many?.reason else {
        Issue.record("\(String(describing: many))")
        return
      }
    }
  }
}
