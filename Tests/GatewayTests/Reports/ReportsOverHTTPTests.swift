import Gateway
import HTTPTypes
import Ledger
import LedgerStore
import Synchronization
import Testing

@Suite struct ReportsOverHTTPTests {
  private static let usage = "/v1/organization/usage/images"
  private static let costs = "/v1/organization/costs"
  private static let other = MemberID(bits: 0x34)
  /// 2026-11-20T00:00:00Z.
  private static let start: Int64 = 1_795_132_800

  /// Two members, two products, on two days of three.
  private static func gateway(
    role: MemberRole = .finance, scopes: KeyScopes = [.reports]
  ) -> GatewayUnderTest {
    let gateway = GatewayUnderTest(Fixtures.principal(role: role, scopes: scopes))
    gateway.ledger.usages.withLock { usage in
      usage.names = [Fixtures.member: "user-12345", other: "@other,\"one\""]
      for (day, member, quality, counts) in [
        ("2026-11-20T10:00:00Z", Fixtures.member, "medium", UsageCounts(settled: 2, images: 3, charged: 99_000)),
        ("2026-11-20T12:00:00Z", other, "high", UsageCounts(settled: 1, images: 1, charged: 3_000_000)),
        ("2026-11-22T12:00:00Z", other, "high", UsageCounts(released: 1, refused: 4, credited: 1)),
      ] {
        usage.uses.append(
          (
            at: Fixtures.at(day),
            group: UsageGroup(
              member: member, key: Fixtures.keyID, model: "gpt-image-1-mini", quality: quality, size: "1024x1024"),
            counts: counts
          ))
      }
    }
    return gateway
  }

  private static func faults(_ answer: GatewayUnderTest.Answer) -> [String] {
    guard case .array(let errors) = answer.json?.at("errors") else { return [] }
    return errors.compactMap { $0.at("field")?.text }
  }

  private static func elements(_ value: JSONValue?) -> [JSONValue] {
    if case .array(let elements) = value { elements } else { [] }
  }

  @Test func aPageHasTheFieldsOfTheAPIItFollowsAndOurs() async throws {
    try await Self.gateway().run { client in
      let answer = try await client.send(.get, "\(Self.usage)?start_time=\(Self.start)&limit=2")
      #expect(answer.status == .ok)
      let text = String(decoding: answer.body, as: UTF8.self)
      let next = try #require(answer.json?.at("next_page")?.text)
      #expect(
        text == """
          {"object":"page","data":[{"object":"bucket","start_time":1795132800,"end_time":1795219200,"results":[\
          {"object":"organization.usage.images.result","images":4,"num_model_requests":3,"num_refused":0,"num_failed":0,\
          "credits":3099000,"size":null,"source":null,"project_id":null,"user_id":null,"api_key_id":null,"model":null,\
          "quality":null}]},{"object":"bucket","start_time":1795219200,"end_time":1795305600,"results":[]}],\
          "has_more":true,"next_page":"\(next)","as_of":{"log":"tally.local/\(Fixtures.team)","size":9,\
          "root":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}}
          """)
    }
  }

  @Test func costsAreExactDecimals() async throws {
    try await Self.gateway().run { client in
      let answer = try await client.send(
        .get, "\(Self.costs)?start_time=\(Self.start)&group_by[]=line_item&group_by=project_id")
      let text = String(decoding: answer.body, as: UTF8.self)
      #expect(
        text.contains(
          """
          "results":[{"object":"organization.costs.result","amount":{"value":1.0,"currency":"usd"},\
          "line_item":"gpt-image-1-mini, high, 1024x1024","credits":3000000,"size":null,"source":null,\
          "project_id":"\(Fixtures.team)","user_id":null,"api_key_id":null,"model":null,"quality":null},\
          {"object":"organization.costs.result","amount":{"value":0.033,"currency":"usd"},\
          "line_item":"gpt-image-1-mini, medium, 1024x1024","credits":99000,
          """.replacing("\n", with: "")))
      // What was given back without a new charge lowers the cost of its day, and what was refused is none.
      #expect(text.contains("\"value\":-0.000000333333,\"currency\":\"usd\""))
    }
  }

  @Test(arguments: [
    ("group_by=user_id", [["user_id": "@other,\"one\""], ["user_id": "user-12345"]]),
    ("group_by[]=model&group_by[]=source", [["model": "gpt-image-1-mini", "source": "image.edit"]]),
    ("group_by=quality&user_ids=user-12345", [["quality": "medium"]]),
    ("group_by=size&qualities=high&models=gpt-image-1-mini&sizes=1024x1024", [["size": "1024x1024"]]),
    (
      "group_by=api_key_id&api_key_ids[]=00000000-0000-0000-0000-000000000044",
      [["api_key_id": "00000000-0000-0000-0000-000000000044"]]
    ),
    ("user_ids=nobody", []), ("api_key_ids=00000000-0000-0000-0000-000000000045", []),
    // Another team's id, and what no edit is.
    ("project_ids=00000000-0000-0000-0000-000000000022", []), ("sources=image.generation", []),
    (
      "group_by=project_id&project_ids=00000000-0000-0000-0000-000000000011&sources=image.edit",
      [["project_id": "00000000-0000-0000-0000-000000000011"]]
    ),
  ])
  func groupsAndFilters(query: String, results: [[String: String]]) async throws {
    try await Self.gateway().run { client in
      let answer = try await client.send(.get, "\(Self.usage)?start_time=\(Self.start)&limit=1&\(query)")
      #expect(answer.status == .ok)
      let found = Self.elements(Self.elements(answer.json?.at("data")).first?.at("results"))
      #expect(found.count == results.count)
      for (result, expected) in zip(found, results) {
        for name in ["project_id", "user_id", "api_key_id", "model", "size", "source", "quality"] {
          #expect(result.at(name)?.text == expected[name], "\(name)")
        }
      }
    }
  }

  @Test func lineItemsAreFilteredAsAWhole() async throws {
    try await Self.gateway().run { client in
      let items = ["gpt-image-1-mini,%20high,%201024x1024", "gpt-image-1-mini,%20medium,%20512x512"]
      let query = items.map { "line_items[]=\($0)" }.joined(separator: "&")
      let answer = try await client.send(.get, "\(Self.costs)?start_time=\(Self.start)&limit=1&\(query)")
      let found = Self.elements(Self.elements(answer.json?.at("data")).first?.at("results"))
      #expect(found.compactMap { $0.at("credits")?.integer } == [3_000_000])
      #expect(found.allSatisfy { $0.at("model") == .null })
      let none = try await client.send(.get, "\(Self.costs)?start_time=\(Self.start)&limit=1&line_items=high")
      let empty = Self.elements(Self.elements(none.json?.at("data")).first?.at("results"))
      #expect(empty.isEmpty)
    }
  }

  @Test(arguments: [
    (usage, "limit=7", ["start_time"]), (usage, "start_time=yesterday", ["start_time"]),
    (usage, "start_time=-1", ["start_time"]), (usage, "start_time=253402300800", ["start_time"]),
    (usage, "start_time=1.5", ["start_time"]), (usage, "start_time=10&start_time=10", ["start_time"]),
    (usage, "start_time=10&end_time=10", ["end_time"]), (usage, "start_time=10&end_time=x", ["end_time"]),
    (usage, "start_time=10&bucket_width=1y", ["bucket_width"]),
    (usage, "start_time=10&bucket_width=1D", ["bucket_width"]),
    (usage, "start_time=10&time_zone=EST", ["time_zone"]), (usage, "start_time=10&time_zone=", ["time_zone"]),
    (usage, "start_time=10&limit=32", ["limit"]), (usage, "start_time=10&limit=0", ["limit"]),
    (usage, "start_time=10&bucket_width=1h&limit=169", ["limit"]),
    (usage, "start_time=10&bucket_width=1m&limit=1441", ["limit"]),
    (usage, "start_time=10&group_by=team", ["group_by"]), (usage, "start_time=10&group_by=line_item", ["group_by"]),
    (usage, "start_time=10&group_by[]=user_id,model", ["group_by"]),
    (usage, "start_time=10&api_key_ids=abc", ["api_key_ids"]),
    (usage, "start_time=10&project_ids=acme", ["project_ids"]), (usage, "start_time=10&sources=image", ["sources"]),
    (usage, "start_time=10&models=", ["models"]), (usage, "start_time=10&team=x&foo[]=1", ["team", "foo[]"]),
    (usage, "start_time=10&line_items=a", ["line_items"]), (usage, "start_time=10&page=nonsense", ["page"]),
    (costs, "start_time=10&bucket_width=1h", ["bucket_width"]), (costs, "start_time=10&limit=181", ["limit"]),
    (costs, "start_time=10&after=x", ["after"]),
  ])
  func whatCannotBeReadIsNamed(path: String, query: String, fields: [String]) async throws {
    let gateway = Self.gateway()
    try await gateway.run { client in
      let answer = try await client.send(.get, "\(path)?\(query)")
      #expect(answer.status == .badRequest && answer.headers[.contentType] == "application/problem+json")
      #expect(Self.faults(answer) == fields)
    }
    #expect(gateway.ledger.usages.withLock { $0.requests.isEmpty && $0.readings.isEmpty })
  }

  @Test(arguments: [
    ("", 7), ("&bucket_width=1h", 24), ("&bucket_width=1m", 60), ("&bucket_width=1m&limit=1440", 1_440),
    ("&bucket_width=15m", 96), ("&bucket_width=1w", 4), ("&bucket_width=1M", 12), ("&limit=31", 31),
  ])
  func pageHasItsDocumentedLength(query: String, buckets: Int) async throws {
    let gateway = Self.gateway()
    try await gateway.run { client in
      let answer = try await client.send(
        .get, "\(Self.usage)?start_time=\(Self.start)&end_time=\(Self.start + 800 * 86_400)\(query)")
      #expect(Self.elements(answer.json?.at("data")).count == buckets)
    }
    #expect(gateway.ledger.usages.withLock { $0.requests.map(\.bounds.count) } == [buckets + 1])
  }

  @Test func manyValuesAreTakenAndTooManySaySo() async throws {
    try await Self.gateway().run { client in
      let users = (1...99).map { "user_ids[]=u\($0)" }.joined(separator: "&")
      let some = try await client.send(
        .get, "\(Self.usage)?start_time=\(Self.start)&limit=1&\(users)&user_ids[]=user-12345")
      #expect(Self.elements(Self.elements(some.json?.at("data")).first?.at("results")).count == 1)
      let many = (1...201).map { "models=m\($0)" }.joined(separator: "&")
      let refused = try await client.send(.get, "\(Self.usage)?start_time=\(Self.start)&\(many)")
      #expect(Self.faults(refused) == ["models"])
      let more = (1...1_000).map { _ in "limit=1" }.joined(separator: "&")
      let cut = try await client.send(.get, "\(Self.usage)?start_time=\(Self.start)&\(more)")
      #expect(Self.faults(cut).contains("query"))
    }
  }

  /// Edits that come while somebody pages are not in the pages that follow, nor is any bucket left out or told twice.
  @Test func pagesHoldTheHeadAndTheEndThatTheyBeganWith() async throws {
    let gateway = Self.gateway()
    try await gateway.run { client in
      var starts: [Int64] = []
      var sizes: Set<Int64> = []
      var query = "start_time=\(Self.start)&limit=2&group_by=user_id"
      while true {
        let answer = try await client.send(.get, "\(Self.usage)?\(query)")
        #expect(answer.status == .ok)
        starts += Self.elements(answer.json?.at("data")).compactMap { $0.at("start_time")?.integer }
        sizes.insert(answer.json?.at("as_of", "size")?.integer ?? -1)
        gateway.ledger.usages.withLock { $0.size += 1 }
        gateway.manual.advance(by: .seconds(86_400))
        guard let next = answer.json?.at("next_page")?.text else { break }
        query = "start_time=\(Self.start)&limit=2&group_by=user_id&page=\(next)"
      }
      // Up to the end of the day that ran when the first page was asked for, 2026-11-23.
      #expect(starts == (0..<4).map { Self.start + $0 * 86_400 })
      #expect(sizes == [9])
    }
    let asked = gateway.ledger.usages.withLock { $0.requests.map { $0.asOf?.size } }
    #expect(asked == [nil, 9])
  }

  @Test(arguments: [
    "start_time=1795132801", "start_time=1795132800&end_time=1795478400", "start_time=1795132800&bucket_width=1h",
    "start_time=1795132800&group_by=user_id", "start_time=1795132800&models=a", "start_time=1795132800&time_zone=UTC",
  ])
  func pageOfAnotherQueryIsRefused(query: String) async throws {
    try await Self.gateway().run { client in
      let first = try await client.send(.get, "\(Self.usage)?start_time=\(Self.start)&limit=1")
      let next = try #require(first.json?.at("next_page")?.text)
      let same = try await client.send(.get, "\(Self.usage)?start_time=\(Self.start)&limit=3&page=\(next)")
      #expect(same.status == .ok)
      let answer = try await client.send(.get, "\(Self.usage)?\(query)&page=\(next)")
      #expect(answer.status == .badRequest && Self.faults(answer) == ["page"])
      let costs = try await client.send(.get, "\(Self.costs)?start_time=\(Self.start)&page=\(next)")
      #expect(costs.status == .badRequest && Self.faults(costs) == ["page"])
    }
  }

  private static let keys: [(MemberRole, KeyScopes, Int)] = [
    (.member, [.reports, .edit], 403), (.finance, [.audit], 403), (.admin, [.admin, .edit], 403),
    (.admin, [.reports], 200), (.finance, [.reports], 200),
  ]

  @Test(arguments: keys, [usage, costs])
  func onlyAdministratorsAndFinanceRead(key: (MemberRole, KeyScopes, Int), path: String) async throws {
    try await Self.gateway(role: key.0, scopes: key.1).run { client in
      let answer = try await client.send(.get, "\(path)?start_time=\(Self.start)")
      #expect(answer.status.code == key.2)
      let stranger = try await client.send(.get, "\(path)?start_time=\(Self.start)", key: nil)
      #expect(stranger.status == .unauthorized)
    }
  }

  @Test func readingIsToldOfOnceAnHour() async throws {
    let gateway = Self.gateway()
    try await gateway.run { client in
      for path in [Self.usage, Self.usage, Self.costs] {
        _ = try await client.send(.get, "\(path)?start_time=\(Self.start)")
      }
      _ = try await client.send(.head, "\(Self.usage)?start_time=\(Self.start)")
      gateway.manual.advance(by: .seconds(3_600))
      _ = try await client.send(.get, "\(Self.usage)?start_time=\(Self.start)")
    }
    #expect(gateway.ledger.usages.withLock { $0.readings } == ["usage", "costs", "usage"])
  }

  @Test func ledgerThatIsAwayIsSaidToBe() async throws {
    let gateway = Self.gateway()
    try await gateway.run { client in
      _ = try await client.send(.get, "\(Self.usage)?start_time=\(Self.start)")
      gateway.ledger.answers.withLock { $0.failure = StoreError(.unavailable(mayBeHeld: false)) }
      let away = try await client.send(.get, "\(Self.usage)?start_time=\(Self.start)")
      #expect(away.status == .serviceUnavailable && away.headers[.retryAfter] != nil)
      gateway.ledger.answers.withLock { $0.failure = StoreError(.invalid(field: "page", message: "is of another log")) }
      let refused = try await client.send(.get, "\(Self.usage)?start_time=\(Self.start)")
      #expect(refused.status == .badRequest && Self.faults(refused) == ["page"])
    }
  }

  @Test func tableHasTheSameNumbersAndKeepsSpreadsheetsSafe() async throws {
    try await Self.gateway().run { client in
      let answer = try await client.send(
        .get, "\(Self.usage)?start_time=\(Self.start)&limit=1&group_by=user_id", headers: [("Accept", "text/csv")])
      #expect(answer.headers[.contentType] == "text/csv; charset=utf-8")
      #expect(
        String(decoding: answer.body, as: UTF8.self)
          == "start_time,end_time,project_id,user_id,api_key_id,model,quality,size,source,images,num_model_requests,"
          + "num_refused,num_failed,credits\r\n"
          + "2026-11-20T00:00:00Z,2026-11-21T00:00:00Z,,\"'@other,\"\"one\"\"\",,,,,,1,1,0,0,3000000\r\n"
          + "2026-11-20T00:00:00Z,2026-11-21T00:00:00Z,,user-12345,,,,,,3,2,0,0,99000\r\n")
      let next = try #require(HTTPField.Name("Tally-Next-Page").flatMap { answer.headers[$0] })
      let head = HTTPField.Name("Tally-As-Of").flatMap { answer.headers[$0] }
      #expect(head?.hasPrefix("tally.local/\(Fixtures.team) 9 ") == true)
      let page = try await client.send(
        .get, "\(Self.usage)?start_time=\(Self.start)&limit=9&group_by=user_id&page=\(next)",
        headers: [("Accept", "text/csv, application/json;q=0.5")])
      #expect(String(decoding: page.body, as: UTF8.self).hasSuffix(",,,,,,0,0,4,1,-1\r\n"))
      let costs = try await client.send(
        .get, "\(Self.costs)?start_time=\(Self.start)&limit=1", headers: [("Accept", "text/csv")])
      #expect(
        String(decoding: costs.body, as: UTF8.self).hasSuffix(",,,,,,,,1.033,usd,3099000\r\n"))
    }
  }
}
