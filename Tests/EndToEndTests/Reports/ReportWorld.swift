import Foundation
import Ledger
import LedgerStore
import Postgres
import TallyTesting

/// A team of which there is something to report.
struct ReportWorld: Sendable {
  let world: World
  /// Two members, one of whom has a name that a spreadsheet would take for a formula.
  let first: World.Member
  let second: World.Member
  let finance: World.Member

  /// What finance reads with.
  var http: HTTP { world.http.with(key: finance.key) }

  static let usage = "/v1/organization/usage/images"
  static let costs = "/v1/organization/costs"

  /// Runs a test with edits of two members: charged, refused, failed, and one that was given back in part.
  static func with(_ body: (ReportWorld) async throws -> Void) async throws {
    try await World.with { world in
      let first = try await world.makeMember(limit: "250000")
      let second = try await world.addMember(to: first.team, user: "@second")
      let finance = try await world.addMember(to: first.team, user: "finance-1", role: "FINANCE")
      let start = Int64(Date().timeIntervalSince1970) - 86_400
      let reports = ReportWorld(world: world, first: first, second: second, finance: finance, start: start)
      for (member, quality, size, count) in [
        (first, "medium", "1024x1024", 1), (first, "low", "1024x1024", 3), (second, "high", "1024x1536", 1),
        (second, "medium", "1024x1024", 2), (second, "low", "1536x1024", 1),
      ] {
        let answer = try await reports.submit(as: member, quality: quality, size: size, count: count)
        guard answer.status == 200 else { throw ProcessFailure("edit: \(answer.status) \(answer.text)") }
      }
      let refused = try await reports.submit(as: first, quality: "high", size: "1536x1024", count: 10)
      guard refused.status == 406 else { throw ProcessFailure("edit: \(refused.status) \(refused.text)") }
      let records = try await world.tally.json("records", "list", first.team, "--state", "settled")
      _ = try await world.tally.json(
        "records", "credit", records[0]["uuid"].string ?? "", "7", "--reason", "a test")
      try await body(reports)
    }
  }

  /// An edit of that product.
  func submit(as member: World.Member, quality: String, size: String, count: Int) async throws -> HTTP.Answer {
    let body = World.edit(image: World.publicImage)
      .replacing("\"medium\"", with: "\"\(quality)\"").replacing("1024x1024", with: size)
      .replacing("\"n\": 1", with: "\"n\": \(count)")
    return try await world.http.with(key: member.key).post("/api/features", json: body)
  }

  /// A day before the first edit, in Unix seconds.
  let start: Int64

  /// What the records say: plain sums, in the order edits, images, refused, failed, credits.
  func sums() async throws -> [Int64] {
    let connection = try await Connection.open(
      try ConnectionSettings(url: world.databaseURL), logger: TestCluster.logger)
    let statement = Statement<[Int64]>(
      "test_sums",
      """
      SELECT count(*) FILTER (WHERE r.state = 'settled'),
             coalesce(sum(jsonb_array_length(r.result_object::jsonb)) FILTER (WHERE r.state = 'settled'), 0)::bigint,
             count(*) FILTER (WHERE r.state = 'refused'), count(*) FILTER (WHERE r.state = 'released'),
             (coalesce(sum(r.charged), 0) - coalesce(sum(r.credited), 0))::bigint
        FROM tally.record AS r JOIN tally.team AS t ON t.team_id = r.team_id
       WHERE t.name = $1
      """
    ) { (row) throws(PostgresError) in
      [try row.next(), try row.next(), try row.next(), try row.next(), try row.next()]
    }
    let found = try await connection.query(statement, first.team)
    await connection.close()
    return found.first ?? []
  }

  /// The results of all pages of a query, with each bucket's bounds.
  func pages(_ path: String, _ query: String) async throws -> [(start: Int64, end: Int64, results: [JSONNode])] {
    var buckets: [(start: Int64, end: Int64, results: [JSONNode])] = []
    var page = ""
    while true {
      let answer = try await http.get("\(path)?\(query)\(page)")
      guard answer.status == 200 else { throw ProcessFailure("\(path)?\(query): \(answer.status) \(answer.text)") }
      for bucket in answer.json["data"].elements {
        buckets.append(
          (bucket["start_time"].integer ?? 0, bucket["end_time"].integer ?? 0, bucket["results"].elements))
      }
      guard answer.json["has_more"].boolean == true, let next = answer.json["next_page"].string else { return buckets }
      page = "&page=\(next)"
    }
  }

  /// The sums of results of the usage report, in the order of `sums`.
  static func sums(of results: [JSONNode]) -> [Int64] {
    ["num_model_requests", "images", "num_refused", "num_failed", "credits"].map { name in
      results.reduce(0) { $0 + ($1[name].integer ?? .min / 1_000) }
    }
  }
}
