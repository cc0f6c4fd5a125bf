import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing

@Suite struct NoteTests {
  private static func line(_ index: Int64, in database: LedgerDatabase) async throws -> (LineHeader, Event) {
    let texts = try await database.texts("SELECT convert_from(line, 'UTF8') FROM tally.log_line WHERE index = \(index)")
    return try Line.parse(Array((texts.first.flatMap(\.self) ?? "").utf8))
  }

  @Test func aNoteIsALineWhichIsAppendedOnce() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let by = SmallLedger.administrator
      let size = try await store.team(ledger.team).logSize
      let erasure = PrivateErased(erasure: NoteID(bits: 1), target: .member(ledger.first), counted: 3)
      try await database.execute(
        """
        INSERT INTO tally.erasure (team_id, erasure_id, log_origin, member_id, until_index, next_index)
        SELECT team_id, '\(erasure.erasure)', log_origin, '\(ledger.first)', 0, 0 FROM tally.team
        """)
      let export = ExportCreated(export: NoteID(bits: 2), from: 0, to: 5, filters: nil, withPrivate: true)
      let rotation = LogKeyRotated(use: .receipt, old: "tally.local+1+AQ==", new: "tally.local+2+AQ==")
      let announced = LogKeyAnnounced(use: .receipt, vkey: "tally.local+1+AQ==")
      for _ in 0..<2 {
        let indexes = [
          try await store.noteErasure(erasure, of: ledger.team, by: by),
          try await store.noteExport(export, of: ledger.team, by: by),
          try await store.note(.keyAnnounced(announced), id: NoteID(bits: 3), of: ledger.team, by: nil),
          try await store.note(.keyAnnounced(announced), id: NoteID(bits: 4), of: ledger.team, by: nil),
          try await store.noteLogKeyRotation(rotation, of: ledger.team, by: nil),
        ]
        #expect(indexes == Array(size..<size + 5))
      }
      #expect(try await store.team(ledger.team).logSize == size + 5)
      #expect(try await Self.line(size, in: database).1 == .privateErased(erasure))
      let (header, event) = try await Self.line(size + 2, in: database)
      #expect(event == .logKeyAnnounced(announced))
      #expect(header.actor == .system)
      // Who and why stand in the payload only.
      let payloads = try await database.texts(
        "SELECT convert_from(payload, 'UTF8') FROM tally.log_private WHERE index IN (\(size), \(size + 2)) ORDER BY index"
      )
      #expect(payloads == [#"{"administrator":"test","reason":"a test"}"#, "{}"])
      #expect(try await store.check().violations == [])
    }
  }

  @Test func aReportIsNotedOnceForEachReaderReportAndHour() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let texts = try await database.texts("SELECT extract(epoch FROM date_trunc('hour', now()))::bigint::text")
      let hour = Timestamp(microseconds: try #require(Int64(texts.first.flatMap(\.self) ?? "")) * 1_000_000)
      func read(_ report: String, _ seconds: Int64, _ reader: String) async throws -> Int64 {
        try await store.noteReading(
          of: report, at: hour.adding(seconds: seconds), of: ledger.team, by: Administrator(name: reader))
      }
      let first = try await read("usage", 0, "a")
      #expect(try await read("usage", 3_599, "a") == first)
      #expect(try await read("usage", 5, "b") == first + 1)
      #expect(try await read("costs", 5, "a") == first + 2)
      #expect(try await read("usage", -1, "a") == first + 3)
      #expect(try await read("usage", 0, "a") == first)
    }
  }

  @Test func aNoteOfAStrangerIsRefusedAndTakesNoPlace() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let size = try await store.team(ledger.team).logSize
      let erasure = PrivateErased(erasure: NoteID(bits: 1), target: .member(MemberID(bits: 7)), counted: 3)
      let error = await #expect(throws: StoreError.self) {
        try await store.noteErasure(erasure, of: ledger.team, by: nil)
      }
      #expect(error?.reason == .notFound("the member"))
      let known = PrivateErased(erasure: NoteID(bits: 1), target: .member(ledger.first), counted: 3)
      #expect(try await store.noteErasure(known, of: ledger.team, by: nil) == size)
    }
  }

  @Test func aLegalHoldIsPlacedOnceAndHindersNoEdit() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let by = SmallLedger.administrator
      let size = try await store.team(ledger.team).logSize
      // One that is not placed cannot be lifted, and one that is placed cannot be placed: nothing is changed, and it is said.
      #expect(try await !store.changeLegalHold(of: ledger.team, isOn: false, by: by))
      #expect(try await store.team(ledger.team).logSize == size)
      #expect(try await store.changeLegalHold(of: ledger.team, isOn: true, by: by))
      #expect(try await !store.changeLegalHold(of: ledger.team, isOn: true, by: by))
      #expect(try await store.team(ledger.team).logSize == size + 1)
      #expect(try await database.texts("SELECT legal_hold::text FROM tally.team") == ["true"])
      #expect(try await store.team(ledger.team).isOnLegalHold)
      #expect(try await Self.line(size, in: database).1 == .legalHoldPlaced(LegalHoldPlaced()))
      _ = try await store.settle(ledger.settlement(of: ledger.held))
      #expect(try await store.check().violations == [])
      try await store.changeLegalHold(of: ledger.team, isOn: false, by: by)
      #expect(try await database.texts("SELECT legal_hold::text FROM tally.team") == ["false"])
      #expect(try await store.check().violations == [])
    }
  }
}
