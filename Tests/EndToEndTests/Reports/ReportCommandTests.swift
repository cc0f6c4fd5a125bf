import Foundation
import TallyTesting
import Testing

extension EndToEnd {
  /// Reports at the command line.
  @Suite("tally report") struct ReportCommandTests {
    @Test("Usage is shown as a table, as JSON and as bars, with the totals of the records")
    func usageIsShown() async throws {
      try await ReportWorld.with { reports in
        let (team, tally) = (reports.first.team, reports.world.tally)
        let sums = try await reports.sums()
        for by in ["user", "status", "user,model,quality,size,key,status", "quality"] {
          let told = try await tally.json("report", "usage", team, "--by", by, "--bucket", "1d")
          let names = ["edits", "images", "refused", "failed", "credits"]
          #expect(names.map { told["total"][$0].integer } == sums.map(Optional.init), "\(by)")
          let rows = told["rows"].elements
          #expect(names.map { name in rows.reduce(0) { $0 + ($1[name].integer ?? 0) } } == sums, "\(by)")
          #expect(told["asOf"]["log"].string?.hasPrefix("tally.local/") == true)
        }
        let statuses = try await tally.json("report", "usage", team, "--by", "status")["rows"].elements
        #expect(statuses.map { $0["status"].string } == ["SUCCESS", "REFUSED"])
        let table = try await tally.run(["report", "usage", team, "--by", "user"])
        #expect(table.status == 0 && table.output.hasPrefix("USER"), "\(table.errors)")
        #expect(table.output.contains("@second") && table.output.contains("total"))
        #expect(table.output.contains("\(sums[4])"))
        let chart = try await tally.run(["report", "usage", team, "--format", "chart"])
        #expect(chart.status == 0 && chart.output.contains("█") && !chart.output.contains("\u{1B}"), "\(chart.output)")
        #expect(chart.output.contains("\(sums[4]) credits"))
        // Everything together is one row, not a row and its total.
        let whole = try await tally.run(["report", "usage", team])
        #expect(whole.output.split(separator: "\n").count == 2, "\(whole.output)")
        let bars = try await tally.run(["report", "usage", team, "--format", "chart", "--by", "user"])
        #expect(bars.output.split(separator: "\n").count == 4, "\(bars.output)")
        let empty = try await tally.run(["report", "usage", team, "--from", "2020-01-01", "--to", "2020-02-01"])
        #expect(empty.status == 0 && empty.output.isEmpty && empty.errors.contains("Nothing was used"))
      }
    }

    @Test("The first of the listing used most, and shares are of the whole")
    func topIsTheMost() async throws {
      try await ReportWorld.with { reports in
        let (team, tally) = (reports.first.team, reports.world.tally)
        let top = try await tally.json("report", "top", team)
        let users = top["rows"].elements
        #expect(users.map { $0["rank"].integer } == [1, 2])
        #expect(users.map { $0["userId"].string } == ["@second", "user-12345"])
        let shares = users.compactMap { $0["sharePermille"].integer }
        #expect(shares.count == 2 && shares.reduce(0, +) == 1_000)
        let sums = try await reports.sums()
        #expect(top["total"]["credits"].integer == sums[4] && top["others"].isNull)
        // What it is of.
        #expect(top["timeZone"].string == "UTC" && top["asOf"]["log"].string?.hasPrefix("tally.local/") == true)
        #expect(top["from"].string?.hasSuffix("T00:00:00.000Z") == true && top["to"].string != nil)
        let one = try await tally.json("report", "top", team, "--by", "quality,size", "--limit", "1")
        #expect(one["rows"].elements.count == 1 && one["rows"][0]["quality"].string == "high")
        let rest = (one["rows"][0]["credits"].integer ?? 0) + (one["others"]["credits"].integer ?? 0)
        #expect(rest == sums[4])
        let table = try await tally.run(["report", "top", team, "--limit", "1"])
        #expect(table.output.contains("others") && table.output.contains("100.0%"), "\(table.output)")
        #expect(table.errors.contains("lines of tally.local/") && table.errors.contains("(UTC)"), "\(table.errors)")
      }
    }

    @Test("A forecast says when budgets run out, and on what it relies")
    func forecastSaysItsAssumption() async throws {
      try await ReportWorld.with { reports in
        let (team, tally) = (reports.first.team, reports.world.tally)
        let told = try await tally.json("report", "forecast", team)
        #expect(told["assumption"].string?.contains("goes on") == true)
        let budgets = told["budgets"].elements
        #expect(budgets.map { $0["subject"].string } == ["user-12345"])
        #expect(["runs_out", "lasts"].contains(budgets.first?["outlook"].string ?? ""))
        let limit = budgets.first?["creditLimit"].integer
        #expect(limit == 250_000 && (budgets.first?["usedInWindow"].integer ?? 0) > 0)
        let all = try await tally.json("report", "forecast", team, "--all", "--window", "1h")
        #expect(all["budgets"].elements.map { $0["scope"].string } == ["team", "member", "member", "member"])
        let shown = try await tally.run(["report", "forecast", team])
        #expect(shown.status == 0 && shown.output.contains("RUNS OUT") && shown.errors.contains("assuming"))
      }
    }

    @Test("A key that was just issued is judged by its own age, and times are those of the team's zone")
    func youngBudgetsAreJudgedByTheirAge() async throws {
      try await World.with { world in
        let member = try await world.makeMember()
        _ = try await world.tally.json("team", "set", member.team, "--time-zone", "Europe/Berlin")
        // The team and its member are older than the key.
        try await world.execute(
          """
          UPDATE tally.team SET created_at = created_at - interval '30 days';
          UPDATE tally.member SET created_at = created_at - interval '30 days'
          """)
        let key = try await world.tally.json("key", "issue", member.team, member.user, "--limit", "100000")
        let http = world.http.with(key: try #require(key["key"].string))
        for _ in 0..<2 {
          #expect(try await http.post("/api/features", json: World.edit(image: World.publicImage)).status == 200)
        }
        let told = try await world.tally.json("report", "forecast", member.team)
        let budget = try #require(told["budgets"].elements.first { $0["scope"].string == "key" })
        // 66,000 in the least window, an hour.
        #expect(budget["usedInWindow"].integer == 66_000 && budget["creditsPerDay"].integer == 24 * 66_000)
        #expect(budget["outlook"].string == "runs_out")
        #expect(told["assumption"].string?.contains("key was made") == true)
        let shown = try await world.tally.run(["report", "forecast", member.team])
        #expect(shown.errors.contains("(Europe/Berlin)") && !shown.errors.contains("Z"), "\(shown.errors)")
        #expect(shown.output.contains("never") && !shown.output.contains("Z\n"), "\(shown.output)")
      }
    }

    @Test("What the ledger finds fault with is told under the name of its option")
    func faultsNameTheOption() async throws {
      try await World.with { world in
        let team = try await world.makeMember().team
        try await world.execute("UPDATE tally.team SET removed_before = date_trunc('month', now())")
        for (arguments, words) in [
          (["usage", team, "--from", "2020-01-01"], ["--from: usage before ", " in Unix seconds) was removed"]),
          (["top", team, "--from", "2020-01-01"], ["--from: usage before "]),
          (["usage", team, "--from", "1900-01-01"], ["--from: must lie between the years 1970 and 9999"]),
          (
            ["rebuild", team, "--from", "2999-01-01T00:01:00Z", "--to", "2999-01-02", "--reason", "a test"],
            ["--from: must be a whole quarter of an hour"]
          ),
        ] as [([String], [String])] {
          let answer = try await world.tally.run(["report"] + arguments)
          #expect(answer.status == 64, "\(arguments): \(answer.errors)")
          for words in words { #expect(answer.errors.contains(words), "\(arguments): \(answer.errors)") }
        }
        // A window that reaches back behind what is kept begins with it.
        let forecast = try await world.tally.json("report", "forecast", team, "--window", "400d")
        #expect(forecast["windowTo"].string != nil)
      }
    }

    @Test("What cannot be shown is said, with the exit status of docs/command-line.md")
    func mistakesAreNamed() async throws {
      try await World.with { world in
        let team = try await world.makeMember().team
        for (arguments, status, words) in [
          (["usage", team, "--time-zone", "Mars/Olympus_Mons"], 64, "time zone"),
          (["usage", team, "--from", "2026-11-02", "--to", "2026-11-01"], 64, "--to"),
          (["usage", team, "--from", "2020-01-01", "--bucket", "1m"], 64, "--bucket"),
          (["usage", team, "--from", "24h"], 64, "--from"), (["usage", team, "--by", "user,colour"], 64, "--by"),
          (["usage", team, "--bucket", "1y"], 64, "--bucket"),
          (["usage", team, "--json", "--format", "csv"], 64, "--json"),
          (["top", team, "--limit", "0"], 64, "--limit"), (["usage", "nobody"], 1, "does not exist"),
        ] as [([String], Int32, String)] {
          let answer = try await world.tally.run(["report"] + arguments)
          #expect(answer.status == status && answer.errors.contains(words), "\(arguments): \(answer.errors)")
          #expect(answer.output.isEmpty)
        }
      }
    }
  }
}
