import Ledger
import LedgerStore
import TallyTesting
import Testing

@Suite struct LogRangeTests {
  private static func stored(_ column: String, of team: TeamID, in database: LedgerDatabase) async throws -> [String] {
    try await database.texts(
      "SELECT convert_from(\(column), 'UTF8') FROM tally.log_line WHERE team_id = '\(team)' ORDER BY index"
    ).compactMap(\.self)
  }

  /// Copies the log's last line until it has `count` lines more: what they say is of no matter to whoever only reads.
  private static func lengthen(_ team: TeamID, by count: Int, in database: LedgerDatabase) async throws {
    try await database.execute(
      """
      INSERT INTO tally.log_line (team_id, index, line, leaf)
      SELECT team_id, index + n, convert_to('{"n":' || n || '}', 'UTF8'), leaf
        FROM tally.log_line, generate_series(1, \(count)) AS n
       WHERE team_id = '\(team)' AND index = (SELECT max(index) FROM tally.log_line WHERE team_id = '\(team)');
      UPDATE tally.team SET log_size = log_size + \(count) WHERE team_id = '\(team)'
      """)
  }

  private static func read(
    _ range: LogRange, of store: LedgerStore, withSecrets: Bool = false
  ) async throws -> [LogChunk] {
    var chunks: [LogChunk] = []
    try await store.readLines(range, withSecrets: withSecrets) { chunks.append($0) }
    return chunks
  }

  @Test func aRangeIsReadAsItIsStoredInChunksThatFollowEachOther() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      try await Self.lengthen(ledger.team, by: 2 * Int(LedgerStore.chunkLines), in: database)
      let size = try await store.team(ledger.team).logSize
      let expected = try await Self.stored("line", of: ledger.team, in: database)
      for from in [0, 1, 7, size - 1, size] {
        let chunks = try await Self.read(LogRange(team: ledger.team, from: from, to: size), of: store)
        var lines: [String] = []
        var next = from
        for chunk in chunks {
          #expect(chunk.first == next && chunk.count <= LedgerStore.chunkLines)
          chunk.forEachLine { index, line in
            #expect(index == from + Int64(lines.count))
            lines.append(String(decoding: line, as: UTF8.self))
          }
          next = chunk.end
        }
        #expect(lines == Array(expected[Int(from)...]))
      }
    }
  }

  @Test func whatIsPersonalComesWithTheLinesThatStillHaveIt() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      try await database.execute("DELETE FROM tally.log_private WHERE index = 3")
      let size = try await store.team(ledger.team).logSize
      let range = LogRange(team: ledger.team, from: 1, to: size)
      let chunks = try await Self.read(range, of: store, withSecrets: true)
      let secrets = chunks.flatMap(\.secrets)
      #expect(secrets.map(\.index) == (1..<size).filter { $0 != 3 })
      #expect(secrets.allSatisfy { $0.salt.count == 32 && $0.payload.first == UInt8(ascii: "{") })
      #expect(try await Self.read(range, of: store).allSatisfy { $0.secrets.isEmpty })
    }
  }

  @Test func aRangeThatBeginsInPrunedLinesSaysWhereOneMayBegin() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      #expect(try await store.firstKeptLine(of: ledger.team) == 0)
      try await database.execute(
        "UPDATE tally.log_line SET line = '' WHERE index < 5; UPDATE tally.team SET pruned_before = 5")
      #expect(try await store.firstKeptLine(of: ledger.team) == 5)
      let size = try await store.team(ledger.team).logSize
      let error = await #expect(throws: StoreError.self) {
        _ = try await Self.read(LogRange(team: ledger.team, from: 4, to: size), of: store)
      }
      guard case .invalid("from", let message) = error?.reason else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(message.contains("first that can be had is 5"))
      #expect(try await Self.read(LogRange(team: ledger.team, from: 5, to: size), of: store).count == 1)
      await #expect(throws: StoreError.self) { try await store.firstLine(of: ledger.team, notBefore: .epoch) }
    }
  }

  @Test func aTimeIsTheFirstLineThatIsNotOlder() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let times = try await Self.stored("line", of: ledger.team, in: database)
        .map { try Line.parse(Array($0.utf8)).0.at }
      for (index, at) in times.enumerated() {
        let found = try await store.firstLine(of: ledger.team, notBefore: at)
        #expect(Int(found) == times.firstIndex(of: at), "line \(index)")
      }
      let last = try #require(times.last)
      let later = Timestamp(microseconds: last.microseconds + 1)
      #expect(try await store.firstLine(of: ledger.team, notBefore: later) == Int64(times.count))
      #expect(try await store.firstLine(of: ledger.team, notBefore: .epoch) == 0)
    }
  }

  @Test func linesThatAreNotThereAreNeverPassedOver() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let size = try await store.team(ledger.team).logSize
      await #expect(throws: StoreError.self) {
        _ = try await Self.read(LogRange(team: ledger.team, from: 0, to: size + 1), of: store)
      }
      try await database.execute("DELETE FROM tally.log_line WHERE index = 4")
      await #expect(throws: StoreError.self) {
        _ = try await Self.read(LogRange(team: ledger.team, from: 0, to: size), of: store)
      }
      await #expect(throws: StoreError.self) {
        _ = try await Self.read(LogRange(team: TeamID(bits: 7), from: 0, to: 1), of: store)
      }
    }
  }

  @Test func theReaderStopsWithWhoeverTakesTheLines() async throws {
    struct Enough: Error {}
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      try await Self.lengthen(ledger.team, by: 3 * Int(LedgerStore.chunkLines), in: database)
      let size = try await store.team(ledger.team).logSize
      var seen = 0
      await #expect(throws: Enough.self) {
        try await store.readLines(LogRange(team: ledger.team, from: 0, to: size), pace: .yielding) { _ in
          seen += 1
          throw Enough()
        }
      }
      #expect(seen == 1)
    }
  }

  /// Whoever writes makes a reader that gives way rest. (That nobody else does: `ReadingPaceTests`. Here others write, too.)
  @Test func aReaderGivesWayToThoseWhoWrite() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      try await Self.lengthen(ledger.team, by: 3 * Int(LedgerStore.chunkLines), in: database)
      let size = try await store.team(ledger.team).logSize
      func rests(_ pace: ReadingPace) async throws -> [Duration] {
        var rests: [Duration] = []
        try await store.readLines(
          LogRange(team: ledger.team, from: 0, to: size), pace: pace, rest: { rests.append($0) }
        ) { _ in
          try await database.execute("CREATE TABLE written ()")
          try await database.execute("DROP TABLE written")
        }
        return rests
      }
      #expect(try await rests(.full).isEmpty)
      let rested = try await rests(.yielding)
      // Not behind the last chunk, and what was written beside the first may be seen behind the second.
      #expect((2...3).contains(rested.count) && rested.allSatisfy { $0 > .zero })
    }
  }
}
