import Ledger
import LedgerStore
import TallyTesting
import Testing

@Suite struct HistoryTests {
  /// Tables whose rows hold nothing random: a log's lines have salts in them.
  private static let tables = [
    "record", "budget", "usage_bucket", "asset", "doubt", "idempotency", "member", "closed_period",
  ]

  /// Pieces of one command write what a lane would, since none of them has a record's hold and its end.
  @Test("A history is sound, its tables are what its log replays to, and its rows are the same in pieces of any size")
  func rowsAreTheSameInPiecesOfAnySize() async throws {
    var first: [String: [String?]]?
    for size in [1, 7, 10_000] {
      try await withLedgerStore { store, database in
        try await PastTeam().write(to: store, pieces: size)
        let violations = try await store.check().violations
        #expect(violations == [], "pieces of \(size)")
        let book = try await ReplayedTable.compare(PastTeam.team, database)
        #expect(Set(book.records.values.map(\.state)) == [.settled, .released, .refused, .inDoubt])
        var rows: [String: [String?]] = [:]
        for table in Self.tables {
          rows[table] = try await database.texts("SELECT to_jsonb(x)::text FROM tally.\(table) AS x ORDER BY 1")
          #expect(rows[table]?.isEmpty == false, "\(table)")
        }
        if let first { #expect(rows == first, "pieces of \(size)") }
        first = first ?? rows
      }
    }
  }

  @Test("A history goes on behind its own last line only: where somebody else has written, it ends")
  func historyEndsWhereSomebodyElseWrites() async throws {
    try await withLedgerStore { store, _ in
      var history = store.history(prices: try await store.prices())
      let writer = try await store.historyWriter()
      let commands = try PastTeam().commands()
      for (moment, command) in commands.prefix(5) { _ = try history.decide(command, at: moment) }
      try await writer.write(history.takePiece(keeping: [], keysSince: .epoch))
      _ = try await store.addMember(
        NewMember(team: PastTeam.team, id: MemberID(bits: 0xBF), userID: "other", userName: "Other"),
        by: SmallLedger.administrator)
      _ = try history.decide(commands[5].command, at: commands[5].at)
      let piece = history.takePiece(keeping: [], keysSince: .epoch)
      let error = await #expect(throws: StoreError.self) { try await writer.write(piece) }
      #expect(error?.sqlState == "23505")
      await writer.close()
      #expect(try await store.check().violations == [])
    }
  }

  @Test("Idempotency-Keys that a gateway would have pruned are left away")
  func oldKeysAreLeftAway() async throws {
    try await withLedgerStore { store, database in
      try await PastTeam().write(to: store, pieces: 50, keysSince: PastTeam.moment(month: 2))
      let all = try await database.texts("SELECT record_id::text FROM tally.idempotency")
      #expect(!all.isEmpty)
      let old = try await database.texts(
        "SELECT record_id::text FROM tally.idempotency WHERE created_at < '\(PastTeam.moment(month: 2).rfc3339)'")
      #expect(old == [])
      #expect(try await store.check().violations == [])
    }
  }
}

/// A team's first months: edits that end in every way, and a month's end in between.
private struct PastTeam {
  static let team = TeamID(bits: 0xA7)
  private static let member = MemberID(bits: 0xB7)
  private static let key = KeyID(bits: 0xC7)

  /// An edit of which some is given back long after it was settled.
  private static let credited = RecordID(bits: 0xD_0001)

  /// The beginning of a month of the past, counted from 0.
  static func moment(month: Int64) -> Timestamp {
    let day = CivilDate(year: 2025, month: 1 + month, day: 1)
    return Timestamp(microseconds: day.daysSinceEpoch * Timestamp.microsecondsPerDay)
  }

  /// A calendar month of the past; its bounds have an end, so there is one.
  private static func calendarMonth(_ month: Int) throws -> CalendarMonth {
    try #require(CalendarMonth(PeriodBounds.utcMonth(containing: moment(month: Int64(month)))))
  }

  func commands() throws -> [(at: Timestamp, command: LaneCommand)] {
    let by = SmallLedger.administrator
    let start = Self.moment(month: 0)
    var commands: [(at: Timestamp, command: LaneCommand)] = [
      (start, .createTeam(NewTeam(id: Self.team, name: "past", timeZone: "Europe/Berlin"), by)),
      (
        start.adding(seconds: 1),
        .addMember(
          NewMember(team: Self.team, id: Self.member, userID: "user-1", userName: "John Doe", limit: Credits(900_000)),
          by)
      ),
      (
        start.adding(seconds: 2),
        .issueKey(
          NewKey(
            team: Self.team, id: Self.key, member: Self.member, hash: Digest32.zero, hint: "aaaa", scopes: [.edit],
            limit: Credits(4_000_000)), by)
      ),
    ]
    for month in 0..<3 {
      for number in 0..<40 { commands += edit(month: Int64(month), number: number) }
      commands.append(
        (
          Self.moment(month: Int64(month) + 1).adding(seconds: 3_600),
          .closePeriod(
            ClosePeriodRequest(
              team: Self.team, month: try Self.calendarMonth(month),
              open: OpenEdits(records: [], since: 0)), nil)
        ))
    }
    let credit = CreditRequest(team: Self.team, record: Self.credited, amount: Credits(5), creditedBefore: .zero)
    commands.append((Self.moment(month: 1).adding(seconds: 90_000), .credit(credit, by)))
    return commands.sorted { $0.at < $1.at }
  }

  /// A hold and what became of it, some hours after the one before.
  private func edit(month: Int64, number: Int) -> [(at: Timestamp, command: LaneCommand)] {
    let ledger = SmallLedger()
    let record = RecordID(bits: UInt128(0xD_0000 + month * 0x100 + Int64(number)))
    let at = Self.moment(month: month).adding(seconds: 7_200 + Int64(number) * 10_000)
    var request = ledger.request(
      record, member: Self.member, key: Self.key, idempotencyKey: number.isMultiple(of: 4) ? "key-\(record)" : nil)
    request.team = Self.team
    let hold = (at: at, command: LaneCommand.hold(request))
    var settlement = ledger.settlement(of: record)
    settlement.team = Self.team
    let later = at.adding(seconds: 20)
    return switch number % 10 {
    case 3:
      [
        hold,
        (
          later,
          .release(
            ReleaseRequest(
              team: Self.team, record: record, cause: .upstreamRefused, errorCode: "BAD", errorMessage: "no",
              errorStatus: 400))
        ),
      ]
    case 7 where number == 7 && month == 2:
      [hold, (later, .markInDoubt(InDoubtRequest(team: Self.team, record: record, cause: .timedOut)))]
    case 7 where number == 7:
      [
        hold,
        (
          later,
          .markInDoubt(InDoubtRequest(team: Self.team, record: record, cause: .timedOut, upstreamUUID: "upstream"))
        ),
        (later.adding(seconds: 500), .settle(settlement)),
      ]
    default: [hold, (later, .settle(settlement))]
    }
  }

  /// Writes all of it, so many commands at a time.
  func write(to store: LedgerStore, pieces size: Int, keysSince: Timestamp = .epoch) async throws {
    var history = store.history(prices: try await store.prices())
    let writer = try await store.historyWriter()
    var refused: Set<RecordID> = []
    var undecided = try commands()[...]
    while !undecided.isEmpty {
      for (moment, command) in undecided.prefix(size) {
        if let record = command.record, refused.contains(record) { continue }
        if case .refused(let edit) = try history.decide(command, at: moment) { refused.insert(edit.record) }
      }
      undecided = undecided.dropFirst(size)
      try await writer.write(history.takePiece(keeping: [Self.credited], keysSince: keysSince))
    }
    await writer.close()
  }
}
