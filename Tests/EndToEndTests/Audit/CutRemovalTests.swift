import Foundation
import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing

extension EndToEnd {
  /// Removals of old records whose process is killed in their midst.
  @Suite("Removals cut off") struct CutRemovalTests {
    private static let oldEdits = ["2026-06-02T10:00:00Z", "2026-06-17T10:00:00Z", "2026-06-29T23:00:00Z"]
    /// More transactions than the removal of so little takes.
    private static let runsMaximum = 20

    /// What the tables say of a removal.
    private struct Found: Equatable {
      var removals: Int64
      /// What its row says was taken.
      var recordsTaken: Int64
      var recordsLeft: Int64
      var lines: Int64
    }

    /// Runs a test with edits of a closed month that are no longer to be kept, and one of today.
    private static func with(_ body: (World) async throws -> Void) async throws {
      try await World.with(gateways: 0) { world in
        let clock = try await PastClock.install(in: world, at: "2026-06-01T00:00:00Z")
        let person = try await clock.makePerson()
        for moment in oldEdits { try await clock.edit(person, at: moment) }
        try await clock.edit(person, at: LedgerStoreSettings.systemClock().rfc3339)
        try await clock.end()
        _ = try await world.tally.json("period", "close", "past", "2026-06", "--reason", "a test")
        _ = try await world.tally.json("team", "set", "past", "--keep-records", "31d", "--reason", "a test")
        try await body(world)
      }
    }

    private static func found(in world: World) async throws -> Found {
      let connection = try await Connection.open(
        try ConnectionSettings(url: world.databaseURL), logger: TestCluster.logger)
      let rows = try await connection.query(
        Statement(
          "found",
          """
          SELECT (SELECT count(*) FROM tally.removal),
                 (SELECT coalesce(sum(records), 0)::bigint FROM tally.removal),
                 (SELECT count(*) FROM tally.record),
                 (SELECT count(*) FROM tally.administrative_line WHERE action = 'usage.removed')
          """
        ) { (row) throws(PostgresError) in
          Found(
            removals: try row.next(), recordsTaken: try row.next(), recordsLeft: try row.next(), lines: try row.next())
        })
      await connection.close()
      return try #require(rows.first)
    }

    /// Whatever was done until then: the tables are what the log says, and reports add up to the records that are kept.
    private static func expectSound(_ world: World) async throws {
      let check = try await world.tally.run(["ledger", "check", "--json"])
      #expect(check.status == 0, "\(check.output)")
      let kept = try await world.tally.json("team", "show", "past")["removedBefore"].string
      let report = try await world.tally.json("report", "usage", "past", "--from", kept ?? "2026-06-01")
      let edits: Int64 = kept == nil ? 4 : 1
      #expect(report["total"]["edits"].integer == edits)
      #expect(report["total"]["credits"].integer == edits * 33_000)
    }

    private static func remove(_ world: World, dyingAt plan: String) async throws -> TallyCommand.Answer {
      try await world.tally.run(
        ["records", "remove", "past", "--reason", "a test", "--json"], environment: ["TALLY_FAILPOINTS": plan])
    }

    @Test("Before each COMMIT: the transaction is as if it had not begun, and the next run goes on")
    func aCommandThatDiesBeforeEachCommitIsGoneOnWith() async throws {
      try await Self.with { world in
        try await Self.expectSound(world)
        let old = Int64(Self.oldEdits.count)
        let first = try await Self.remove(world, dyingAt: "removal.before_commit=kill")
        #expect(first.status == 128 + SIGKILL)
        #expect(
          try await Self.found(in: world) == Found(removals: 1, recordsTaken: 0, recordsLeft: old + 1, lines: 0))
        try await Self.expectSound(world)
        // Each run dies in a later transaction, until one has fewer left.
        var deaths = 1
        var last = first
        while last.status != 0, deaths < Self.runsMaximum {
          last = try await Self.remove(world, dyingAt: "removal.before_commit=kill@\(deaths + 1)")
          guard last.status != 0 else { break }
          deaths += 1
          #expect(last.status == 128 + SIGKILL, "\(last.errors)")
          #expect(
            try await Self.found(in: world) == Found(removals: 1, recordsTaken: old, recordsLeft: 1, lines: 0))
          try await Self.expectSound(world)
        }
        // In the records, the days and months, their sums and the quarters of an hour.
        #expect(last.status == 0 && deaths >= 4)
        #expect(last.json["records"].integer == old)
        #expect(try await Self.found(in: world) == Found(removals: 1, recordsTaken: old, recordsLeft: 1, lines: 1))
        try await Self.expectSound(world)
      }
    }

    @Test("Before its line: all is taken, and the next run tells of it once")
    func aCommandThatDiesBeforeTheLineLeavesItToTheNext() async throws {
      try await Self.with { world in
        let old = Int64(Self.oldEdits.count)
        let first = try await Self.remove(world, dyingAt: "removal.before_line=kill")
        #expect(first.status == 128 + SIGKILL)
        #expect(try await Self.found(in: world) == Found(removals: 1, recordsTaken: old, recordsLeft: 1, lines: 0))
        try await Self.expectSound(world)
        let next = try await world.tally.json("records", "remove", "past", "--reason", "kept long enough")
        #expect(next["records"].integer == old)
        let line = try #require(try await world.log(of: "past").last { $0.event.action == .usageRemoved })
        #expect(line.header.index == next["index"].integer && line.header.actor == .operator)
        #expect(line.payload["reason"].string == "kept long enough")
        #expect(line.payload["administrator"].string == NSUserName())
        #expect(try await Self.found(in: world) == Found(removals: 1, recordsTaken: old, recordsLeft: 1, lines: 1))
        try await Self.expectSound(world)
      }
    }

    @Test("A gateway that dies in it is followed by one that ends it")
    func aGatewayThatDiesInItIsFollowedByOneThatEndsIt() async throws {
      try await Self.with { world in
        func start(_ name: String, _ environment: [String: String] = [:]) async throws -> TallyProcess {
          try await TallyProcess.start(
            TallyProcess.Settings(
              databaseURL: world.databaseURL, dataFolder: world.folder.appending(path: name),
              upstream: world.sandbox?.address ?? "", environment: environment, name: name), in: world.folder)
        }
        let old = Int64(Self.oldEdits.count)
        // It may come there before it says that it is ready.
        if let killed = try? await start("killed", ["TALLY_FAILPOINTS": "removal.before_commit=kill@2"]) {
          #expect(try await killed.process.waitForExit(within: .seconds(60)) == 128 + SIGKILL)
        }
        #expect(try await Self.found(in: world) == Found(removals: 1, recordsTaken: old, recordsLeft: 1, lines: 0))
        try await Self.expectSound(world)
        let next = try await start("next")
        let told = try await next.process.wait(within: .seconds(60), "the line") {
          try await world.log(of: "past").compactMap { line -> UsageRemoved? in
            if case .usageRemoved(let event) = line.event { event } else { nil }
          }.first
        }
        #expect(told.records == old)
        try await Self.expectSound(world)
        await next.stop()
      }
    }
  }
}
