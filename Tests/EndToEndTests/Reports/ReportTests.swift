import Foundation
import Ledger
import LedgerStore
import TallyTesting
import Testing

extension EndToEnd {
  /// What administrators and finance read of usage and costs.
  @Suite("Reports") struct ReportTests {
    private static let dimensions = ["project_id", "user_id", "api_key_id", "model", "size", "source", "quality"]

    @Test("However usage is grouped and cut, its totals are those of the records")
    func totalsAreTheRecords() async throws {
      try await ReportWorld.with { reports in
        let sums = try await reports.sums()
        #expect(sums.count == 5 && sums[4] > 0 && sums[2] == 1)
        let end = Int64(Date().timeIntervalSince1970) + 3_600
        for grouping in 0..<(1 << Self.dimensions.count) {
          let names = Self.dimensions.indices.filter { grouping >> $0 & 1 == 1 }.map { Self.dimensions[$0] }
          let width = ["1h", "1d", "1w", "1M"][grouping % 4]
          let zone = ["UTC", "Asia/Kathmandu", "America/St_Johns"][grouping % 3]
          let query =
            "start_time=\(reports.start)&end_time=\(end)&bucket_width=\(width)&time_zone=\(zone)"
            + names.map { "&group_by[]=\($0)" }.joined()
          let buckets = try await reports.pages(ReportWorld.usage, query)
          #expect(ReportWorld.sums(of: buckets.flatMap(\.results)) == sums, "\(query)")
          for result in buckets.flatMap(\.results) {
            for name in Self.dimensions { #expect(result[name].isNull != names.contains(name), "\(query)") }
          }
          // Nothing is left out between two buckets, and nothing told twice.
          #expect(buckets.first?.start == reports.start || grouping > 0)
          for (bucket, next) in zip(buckets, buckets.dropFirst()) { #expect(bucket.end == next.start, "\(query)") }
          #expect(buckets.last?.end == end)
        }
        let minutes = try await reports.pages(
          ReportWorld.usage, "start_time=\(end - 7_200)&end_time=\(end)&bucket_width=1m&group_by=user_id&limit=7")
        #expect(minutes.count == 121 || minutes.count == 120)
        #expect(ReportWorld.sums(of: minutes.flatMap(\.results)) == sums)
        for grouping in ["line_item", "project_id", "api_key_id", "line_item&group_by=user_id"] {
          let costs = try await reports.pages(
            ReportWorld.costs, "start_time=\(reports.start)&end_time=\(end)&group_by=\(grouping)")
          #expect(costs.flatMap(\.results).reduce(0) { $0 + ($1["credits"].integer ?? 0) } == sums[4], "\(grouping)")
        }
        let check = try await reports.world.check()
        #expect(check.status == 0, "\(check.output) \(check.errors)")
      }
    }

    @Test("Edits that come while somebody pages are in none of the pages that follow")
    func pagingIsStable() async throws {
      try await ReportWorld.with { reports in
        let before = try await reports.sums()
        let query = "start_time=\(reports.start)&bucket_width=1h&limit=5"
        var answer = try await reports.http.get("\(ReportWorld.usage)?\(query)")
        let size = answer.json["as_of"]["size"].integer
        var results = answer.json["data"].elements.flatMap { $0["results"].elements }
        var starts = answer.json["data"].elements.compactMap { $0["start_time"].integer }
        while let next = answer.json["next_page"].string {
          #expect(
            try await reports.submit(as: reports.second, quality: "low", size: "1024x1024", count: 1).status == 200)
          answer = try await reports.http.get("\(ReportWorld.usage)?\(query)&page=\(next)")
          #expect(answer.status == 200, "\(answer.text)")
          #expect(answer.json["as_of"]["size"].integer == size)
          results += answer.json["data"].elements.flatMap { $0["results"].elements }
          starts += answer.json["data"].elements.compactMap { $0["start_time"].integer }
        }
        #expect(Set(starts).count == starts.count && starts == starts.sorted())
        #expect(ReportWorld.sums(of: results) == before)
        let after = try await reports.sums()
        #expect(after[0] > before[0])
        let anew = try await reports.pages(ReportWorld.usage, query)
        #expect(ReportWorld.sums(of: anew.flatMap(\.results)) == after)
      }
    }

    @Test("Who may not read is told so, and another team's ids find nothing")
    func teamsAndRolesAreApart() async throws {
      try await ReportWorld.with { reports in
        let world = reports.world
        let stranger = try await world.makeMember(team: "other", role: "ADMIN")
        let query = "start_time=\(reports.start)"
        for path in [ReportWorld.usage, ReportWorld.costs] {
          #expect(try await world.http.with(key: reports.first.key).get("\(path)?\(query)").status == 403)
          #expect(try await world.http.get("\(path)?\(query)").status == 401)
          let foreign = try await world.http.with(key: stranger.key).get("\(path)?\(query)")
          #expect(foreign.status == 200, "\(foreign.text)")
          #expect(foreign.json["data"].elements.allSatisfy { $0["results"].elements.isEmpty })
        }
        let team = try await world.tally.json("team", "show", "other")["teamId"].string ?? ""
        for filter in ["project_ids=\(team)", "api_key_ids=\(stranger.keyID)", "user_ids=nobody", "models=none"] {
          let found = try await reports.pages(ReportWorld.usage, "\(query)&\(filter)")
          #expect(found.allSatisfy { $0.results.isEmpty }, "\(filter)")
        }
        // A page of one team's report is none of another's.
        let first = try await reports.http.get("\(ReportWorld.usage)?\(query)&limit=1")
        let page = try #require(first.json["next_page"].string)
        let taken = try await world.http.with(key: stranger.key).get("\(ReportWorld.usage)?\(query)&page=\(page)")
        #expect(taken.status == 400 && taken.json["errors"][0]["field"].string == "page")
        for (parameter, field) in [
          ("bucket_width=1y", "bucket_width"), ("limit=0", "limit"), ("group_by=team", "group_by"),
          ("end_time=1", "end_time"),
          ("time_zone=Mars", "time_zone"), ("foo=1", "foo"), ("page=x", "page"),
        ] {
          let answer = try await reports.http.get("\(ReportWorld.usage)?\(query)&\(parameter)")
          #expect(answer.status == 400 && answer.headers["content-type"] == "application/problem+json", "\(parameter)")
          #expect(answer.json["errors"][0]["field"].string == field, "\(answer.text)")
        }
        // Once for the hour, or for the two in which the test ran.
        let log = try await world.log(of: reports.first.team)
        #expect((1...2).contains(log.count { $0.event.action == .reportRead }))
      }
    }

    @Test("Days, hours and weeks are those of the zone, also where clocks change")
    func daysAreTheZones() async throws {
      try await World.with { world in
        let clock = try await PastClock.install(in: world, at: "2011-12-01T00:00:00Z")
        let person = try await clock.makePerson()
        let moments = [
          // In Apia the last half hour of the 29th and the first of the 31st.
          "2011-12-30T09:30:00Z", "2011-12-30T10:30:00Z",
          // In Sao Paulo half an hour before midnight, half past one since midnight was skipped, and the next midnight.
          "2018-11-04T02:30:00Z", "2018-11-04T03:30:00Z", "2018-11-05T02:00:00Z",
          // Half past eleven, half past eleven again since clocks went back at midnight, and half past midnight.
          "2019-02-17T01:30:00Z", "2019-02-17T02:30:00Z", "2019-02-17T03:30:00Z",
          // In Apia half past two and half past four since half past three was skipped; then half past three twice.
          "2020-09-26T13:30:00Z", "2020-09-26T14:30:00Z", "2021-04-03T13:30:00Z", "2021-04-03T14:30:00Z",
          // In Berlin half past one, half past three since half past two was skipped, and half past midnight of the next day.
          "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", "2026-03-29T22:30:00Z",
          // Half past midnight, half past two before and after clocks went back, and half past midnight of the next day.
          "2026-10-24T22:30:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T23:30:00Z",
        ]
        for moment in moments { try await clock.edit(person, at: moment) }
        try await clock.end()
        let key = try await world.tally.json("key", "issue", "\(person.team)", person.userID, "--scopes", "reports")
        let http = world.http.with(key: try #require(key["key"].string))
        func buckets(_ query: String) async throws -> [(start: Int64, end: Int64, images: Int64)] {
          let answer = try await http.get("\(ReportWorld.usage)?\(query)")
          #expect(answer.status == 200, "\(answer.text)")
          return answer.json["data"].elements.map { bucket in
            (
              bucket["start_time"].integer ?? 0, bucket["end_time"].integer ?? 0,
              bucket["results"].elements.reduce(0) { $0 + ($1["images"].integer ?? 0) }
            )
          }
        }
        // 2026-10-24T22:00:00Z and two days in Berlin: one of 25 hours.
        let berlin = "time_zone=Europe/Berlin&start_time=1792879200&end_time=1793055600"
        let days = try await buckets(berlin)
        #expect(days.map(\.images) == [3, 1])
        #expect(days.map { $0.end - $0.start } == [90_000, 86_400])
        let hours = try await buckets("\(berlin)&bucket_width=1h&limit=25")
        #expect(hours.map(\.images) == [1, 0, 1, 1] + Array(repeating: 0, count: 21))
        // Monday begins with the fourth.
        #expect(try await buckets("\(berlin)&bucket_width=1w").map(\.images) == [3, 1])
        // 2026-03-28T23:00:00Z and two days: one of 23 hours.
        let spring = "time_zone=Europe/Berlin&start_time=1774738800&end_time=1774908000"
        let springDays = try await buckets(spring)
        #expect(springDays.map(\.images) == [2, 1])
        #expect(springDays.map { $0.end - $0.start } == [82_800, 86_400])
        let springHours = try await buckets("\(spring)&bucket_width=1h&limit=24")
        #expect(springHours.map(\.images) == [0, 1, 1] + Array(repeating: 0, count: 20) + [1])
        // In Kathmandu the day begins at 18:15Z.
        let kathmandu = try await buckets("time_zone=Asia/Kathmandu&start_time=1792865700&end_time=1793038500")
        #expect(kathmandu.map(\.start) == [1_792_865_700, 1_792_952_100])
        #expect(kathmandu.map(\.images) == [3, 1])
        // The day that never was.
        let apia = try await buckets("time_zone=Pacific/Apia&start_time=1325152800&end_time=1325412000")
        #expect(apia.map(\.start) == [1_325_152_800, 1_325_239_200, 1_325_325_600])
        #expect(apia.map(\.images) == [1, 1, 0])
        // Clocks went forward at midnight: a day of 23 hours.
        let paulo = try await buckets("time_zone=America/Sao_Paulo&start_time=1541214000&end_time=1541383200")
        #expect(paulo.map { $0.end - $0.start } == [86_400, 82_800])
        #expect(paulo.map(\.images) == [1, 1])
        #expect(
          try await buckets("time_zone=America/Sao_Paulo&start_time=1541300400&end_time=1541469600").map(\.images) == [
            1, 1,
          ])
        // They went back at midnight: a day of 25 hours, whose last one is told apart from the one before.
        let back = "time_zone=America/Sao_Paulo&start_time=1550282400&end_time=1550458800"
        let backDays = try await buckets(back)
        #expect(backDays.map { $0.end - $0.start } == [90_000, 86_400])
        #expect(backDays.map(\.images) == [2, 1])
        let backHours = try await buckets("\(back)&bucket_width=1h&limit=26")
        #expect(backHours.map(\.images) == Array(repeating: 0, count: 23) + [1, 1, 1])
        // In Apia clocks went forward and back at night.
        let forth = "time_zone=Pacific/Apia&start_time=1601118000&end_time=1601287200"
        #expect(try await buckets(forth).map { $0.end - $0.start } == [82_800, 86_400])
        #expect(try await buckets(forth).map(\.images) == [2, 0])
        #expect(try await buckets("\(forth)&bucket_width=1h&limit=4").map(\.images) == [0, 0, 1, 1])
        let again = "time_zone=Pacific/Apia&start_time=1617444000&end_time=1617620400"
        #expect(try await buckets(again).map { $0.end - $0.start } == [90_000, 86_400])
        #expect(try await buckets(again).map(\.images) == [2, 0])
        #expect(try await buckets("\(again)&bucket_width=1h&limit=5").map(\.images) == [0, 0, 0, 1, 1])
        let told = try await world.tally.json(
          "report", "usage", "\(person.team)", "--from", "2026-10-25", "--to", "2026-10-27", "--bucket", "1d",
          "--time-zone", "Europe/Berlin")
        #expect(told["rows"].elements.map { $0["images"].integer } == [3, 1])
        #expect(told["from"].string == "2026-10-24T22:00:00.000Z")
        // An hour that is shown twice is told apart by its distance from UTC.
        for format in ["table", "chart"] {
          let shown = try await world.tally.run([
            "report", "usage", "\(person.team)", "--from", "2026-10-25", "--to", "2026-10-26", "--bucket", "1h",
            "--time-zone", "Europe/Berlin", "--format", format,
          ])
          for label in ["2026-10-25 02:00 +02:00", "2026-10-25 02:00 +01:00"] {
            #expect(shown.output.contains(label), "\(shown.output)")
          }
          #expect(!shown.output.contains("2026-10-25 00:00 +"))
        }
      }
    }

    @Test("A table is what Python's csv reads, with the same sums")
    func tablesAreTables() async throws {
      try await ReportWorld.with { reports in
        let query = "start_time=\(reports.start)&group_by=user_id&group_by=quality&group_by=size"
        let table = try await HTTP(base: reports.world.gateways[0].address, headers: ["Accept": "text/csv"])
          .with(key: reports.finance.key).get("\(ReportWorld.usage)?\(query)")
        #expect(table.status == 200 && table.headers["content-type"] == "text/csv; charset=utf-8")
        #expect(table.headers["tally-as-of"]?.hasPrefix("tally.local/") == true)
        let shown = try await reports.world.tally.run(
          ["report", "usage", reports.first.team, "--by", "user,quality,size", "--bucket", "1d", "--format", "csv"])
        #expect(shown.status == 0, "\(shown.errors)")
        let sums = try await reports.sums()
        for (name, text) in [("http", table.text), ("command", shown.output)] {
          let path = reports.world.folder.appending(path: "\(name).csv").path
          try Data(text.utf8).write(to: URL(filePath: path))
          let script = """
            import csv, sys
            rows = list(csv.DictReader(open(sys.argv[1], newline=""), strict=True))
            names = ["num_model_requests", "images", "num_refused", "num_failed", "credits"]
            sums = [sum(int(row[name]) for row in rows) for name in names]
            users = {row["user_id"] for row in rows}
            good = sums == \(sums) and users == {"user-12345", "'@second"} and all(len(row) == 14 for row in rows)
            sys.exit(0 if good else 1)
            """
          #expect(try await SystemProgram.run("python3", ["-c", script, path]) == 0, "\(text)")
        }
      }
    }
  }
}
