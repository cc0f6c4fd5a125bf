import Foundation
import Ledger
import Postgres
import TallyTesting
import Testing

extension EndToEnd {
  /// Closing, erasing, pruning, legal holds and reconciling, as an operator does them.
  @Suite("Retention") struct RetentionTests {
    private static func months() -> (last: String, running: String) {
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = .gmt
      func text(_ date: Date) -> String {
        let parts = calendar.dateComponents([.year, .month], from: date)
        let number = "\((parts.year ?? 0) * 100 + (parts.month ?? 0))"
        return "\(number.prefix(4))-\(number.suffix(2))"
      }
      let now = Date()
      let last = calendar.date(byAdding: .month, value: -1, to: now) ?? now
      return (text(last), text(now))
    }

    /// Runs a test with a gateway and two members whose team was made in a month that is over.
    private static func withOldTeam(
      _ body: (World, _ member: World.Member, _ other: World.Member) async throws -> Void
    ) async throws {
      try await World.with(gateways: 0) { world in
        let clock = try await PastClock.install(in: world)
        try await clock.makeTeam(named: "acme", users: ["user-12345", "user-2"])
        try await clock.end()
        // Before the first line of this month: what is pruned with a month ends where no line of the next one is.
        _ = try await world.tally.json("period", "close", "acme", Self.months().last, "--reason", "a test")
        let member = try await world.issueKey(to: "acme", user: "user-12345")
        let other = try await world.issueKey(to: "acme", user: "user-2")
        try await world.serving { world in try await body(world, member, other) }
      }
    }

    @Test func whatWasEditedCanBeErasedAndPrunedAndStillAddsUp() async throws {
      try await Self.withOldTeam { world, member, other in
        let (last, running) = Self.months()
        // Before the first edit of this month, whose lines stay.
        let closed = try await world.tally.json("period", "close", member.team, last, "--reason", "a test")
        let first = try await world.submit(as: member)
        #expect(first.status == 200)
        let record = try #require(first.json["aiRecord"]["uuid"].string)
        #expect(try await world.submit(as: other).status == 200)
        #expect(closed["month"].string == last)
        let again = try await world.tally.json("period", "close", member.team, last)
        #expect(again["index"].integer == closed["index"].integer)
        #expect(try await world.tally.json("period", "list", member.team).elements.count == 1)
        let early = try await world.tally.run(["period", "close", member.team, running])
        #expect(early.status == 1)
        #expect(early.errors.contains("goes on"))
        let never = try await world.tally.run(["period", "close", member.team, "1999-12"])
        #expect(never.status == 1 && never.errors.contains("before the team was made"))
        let future = try await world.tally.run(
          ["audit", "prune", member.team, "--before", "2999-01", "--reason", "a test"])
        #expect(future.status == 1 && future.errors.contains("has not begun"))

        #expect(try await world.tally.json("audit", "legal-hold", "list").elements.isEmpty)
        let hold = ["audit", "legal-hold", "place", member.team, "--reason", "a case", "--json"]
        for changes in [true, false] {
          let answer = try await world.tally.run(hold)
          #expect(answer.status == 0 && answer.json["changed"].boolean == changes, "\(answer.output)")
          #expect(answer.errors.contains("Nothing was changed") == !changes, "\(answer.errors)")
        }
        let held = try await world.tally.json("audit", "legal-hold", "list")
        let placed = try #require(try await world.log(of: member.team).last { $0.event.action == .legalHoldPlaced })
        #expect(held.elements.count == 1 && held[0]["name"].string == member.team)
        #expect(held[0]["index"].integer == placed.header.index)
        #expect(held[0]["placedAt"].string == placed.header.at.millisecondText)
        #expect(try await world.tally.json("team", "show", member.team)["isOnLegalHold"].boolean == true)
        for verb in [
          ["audit", "erase", member.team, "--user", member.user, "--reason", "a test"],
          ["audit", "prune", member.team, "--before", running, "--reason", "a test"],
        ] {
          let answer = try await world.tally.run(verb)
          #expect(answer.status == 1)
          #expect(answer.errors.contains("legal hold"))
        }
        // What a removal would take is told, and that nothing goes.
        let kept = try await world.tally.run([
          "team", "set", member.team, "--keep-records", "200d", "--reason", "a test",
        ])
        #expect(kept.output.contains("KEEPS DAYS") && kept.output.contains("200"), "\(kept.output)")
        let planned = try await world.tally.run(["records", "remove", member.team, "--dry-run"])
        #expect(planned.status == 0 && planned.output.contains("LEGAL HOLD"))
        #expect(planned.errors.contains("legal hold"), "\(planned.errors)")
        _ = try await world.tally.json(
          "team", "set", member.team, "--keep-records", "forever", "--reason", "a test")
        _ = try await world.tally.json("audit", "legal-hold", "lift", member.team, "--reason", "closed")
        #expect(try await world.tally.json("audit", "legal-hold", "list").elements.isEmpty)

        let erased = try await world.tally.json(
          "audit", "erase", member.team, "--user", member.user, "--reason", "they asked")
        #expect((erased["counted"].integer ?? 0) > 4)
        let shown = try await world.http.with(key: member.key).get("/api/results/\(record)")
        #expect(shown.json["aiRecord"]["metadata"]["erased"].boolean == true)
        #expect(shown.json["receipt"]["leaf"].string == first.json["receipt"]["leaf"].string)
        // Who was erased may still edit.
        #expect(try await world.submit(as: member).status == 200)

        let pruned = try await world.tally.json(
          "audit", "prune", "--all-teams", "--before", running, "--reason", "a test")
        #expect(pruned.elements.first?["before"].integer == closed["index"].integer)
        // What was taken is taken: a second run has nothing to tell.
        let more = try await world.tally.run(
          ["audit", "prune", member.team, "--before", running, "--reason", "again", "--json"])
        #expect(more.status == 0 && more.errors.contains("nothing to take"), "\(more.errors)")
        #expect(more.json["before"].integer == closed["index"].integer && more.json["index"].integer == nil)
        let told = try await world.log(of: member.team).last { $0.event.action == .privateErased }
        #expect(told?.header.actor == .operator && told?.payload["reason"].string == "a test")
        #expect(told?.payload["administrator"].string == NSUserName())
        #expect(try await world.submit(as: other).status == 200)
        let checked = try await world.check()
        #expect(checked.status == 0, "\(checked.output)")
      }
    }

    @Test func aGatewayClosesTheLastMonthByItself() async throws {
      try await World.with(gateways: 0) { world in
        _ = try await world.tally.json("team", "create", "acme")
        let connection = try await Connection.open(
          ConnectionSettings(url: world.databaseURL), logger: TestCluster.logger)
        // The team is older than the month that is over.
        try await connection.execute(script: "UPDATE tally.team SET created_at = created_at - interval '70 days'")
        await connection.close()
        var gateways: [TallyProcess] = []
        for number in 0..<2 {
          gateways.append(
            try await TallyProcess.start(
              TallyProcess.Settings(
                databaseURL: world.databaseURL, dataFolder: world.folder.appending(path: "data-\(number)"),
                upstream: world.sandbox?.address ?? "", arguments: [], name: "serve-\(number)"), in: world.folder))
        }
        let closed = try await gateways[0].process.wait(within: .seconds(60), "a closed month") {
          let months = try await world.tally.json("period", "list", "acme").elements
          return months.isEmpty ? nil : months
        }
        for gateway in gateways { await gateway.stop() }
        #expect(closed.map { $0["month"].string } == [Self.months().last])
        let again = try await Connection.open(ConnectionSettings(url: world.databaseURL), logger: TestCluster.logger)
        let lines = try await again.query(
          Statement(
            "closings",
            """
            SELECT count(*) FROM tally.log_line WHERE convert_from(line, 'UTF8') LIKE '%"action":"period.closed"%'
            """, row: { (row) throws(PostgresError) in try row.next(Int64.self) }))
        await again.close()
        #expect(lines == [1])
      }
    }

    @Test func whatWasNeverLoggedShowsAgainstTheUpstreamsFigures() async throws {
      try await World.with { world in
        let member = try await world.makeMember()
        for _ in 0..<3 { #expect(try await world.submit(as: member).status == 200) }
        let truth = try #require(world.sandbox?.truthLog.file.path)
        let arguments = ["--from", "2026-01-01", "--to", "2099-01-01", "--json"]
        let sound = try await world.tally.run(["audit", "reconcile", "--all", "--upstream", truth] + arguments)
        #expect(sound.status == 0, "\(sound.errors)")
        #expect(sound.json["totals"]["matched"].integer == 3)
        #expect(sound.json["totals"]["upstreamCredits"].integer == 99_000)
        #expect(sound.json["findings"].elements.isEmpty)
        // The gateway's own database loses one of them.
        let connection = try await Connection.open(
          ConnectionSettings(url: world.databaseURL), logger: TestCluster.logger)
        try await connection.execute(
          script: "DELETE FROM tally.record WHERE record_id = (SELECT record_id FROM tally.record LIMIT 1)")
        await connection.close()
        let broken = try await world.tally.run(
          ["audit", "reconcile", member.team, "--upstream", truth] + arguments)
        #expect(broken.status == 1)
        #expect(broken.json["ok"].boolean == false)
        #expect(broken.json["counts"]["never_logged"].integer == 1)
        let backwards = try await world.tally.run(
          ["audit", "reconcile", "--all", "--upstream", truth, "--from", "2026-02-01", "--to", "2026-01-01"])
        #expect(backwards.status == 64)
        #expect(backwards.errors.contains("--to"))
      }
    }
  }
}
