import Gateway
import HTTPTypes
import Ledger
import LedgerStore
import Synchronization
import Testing

@Suite struct AuditLogTests {
  private static let reader = Fixtures.principal(role: .finance, scopes: [.reports])

  private func filter(_ query: String) throws -> AuditEntryFilter {
    try AuditLogQuery.filter(query, team: Fixtures.team)
  }

  @Test func idsLeadBackToTheirPlacesAndToNoOtherTeams() {
    for place in [0, 1, 15, 16, 1_000_000, .max - 1] as [Int64] {
      let id = AuditLogID.text(place, of: Fixtures.team)
      #expect(AuditLogID.place(id, of: Fixtures.team) == place)
      #expect(AuditLogID.place(id, of: Fixtures.otherTeam) == nil)
      #expect(AuditLogID.place(id + "0", of: Fixtures.team) == nil)
      #expect(AuditLogID.place(String(id.dropLast()), of: Fixtures.team) == nil)
    }
    #expect(AuditLogID.text(1, of: Fixtures.team) == AuditLogID.text(1, of: Fixtures.team))
    // Anybody can write an id: none may lead to a place that has none behind it.
    #expect(AuditLogID.place(AuditLogID.text(.max, of: Fixtures.team), of: Fixtures.team) == nil)
    for text in ["", "audit_log-", "7", "audit_log-zzzzzzzzzzzzzzzzzzzzzzzz", "audit_log--1"] {
      #expect(AuditLogID.place(text, of: Fixtures.team) == nil, "\(text)")
    }
  }

  @Test func parametersAreReadAndHaveDefaults() throws {
    #expect(try filter("") == AuditEntryFilter(limit: 20))
    let id = AuditLogID.text(7, of: Fixtures.team)
    let found = try filter(
      "limit=100&after=\(id)&before=\(AuditLogID.text(3, of: Fixtures.team))&event_types[]=key.issued&event_types=edit.held"
        + "&actor_ids%5B%5D=user-1&actor_ids=system&resource_ids[]=\(Fixtures.member)")
    #expect(found.limit == 100 && found.after == 7 && found.before == 3)
    #expect(found.actions == [.keyIssued, .editHeld])
    #expect(found.actors == ["user-1", "system"])
    #expect(found.resources == ["\(Fixtures.member)"])
  }

  /// Times are shown in whole seconds, and filtered as they are shown.
  @Test func secondsAreThoseThatAreShown() throws {
    func second(_ number: Int64) -> Timestamp { Timestamp(microseconds: number * 1_000_000) }
    #expect(try filter("effective_at[gte]=5").from == second(5))
    #expect(try filter("effective_at[gt]=5").from == second(6))
    #expect(try filter("effective_at[lt]=5").until == second(5))
    #expect(try filter("effective_at%5Blte%5D=5").until == second(6))
    let both = try filter("effective_at[gt]=5&effective_at[gte]=9&effective_at[lt]=20&effective_at[lte]=11")
    #expect(both.from == second(9) && both.until == second(12))
  }

  @Test(arguments: [
    ("limit=0", "limit"), ("limit=101", "limit"), ("limit=1&limit=2", "limit"), ("after=7", "after"),
    ("before=audit_log-000000000000000000000001", "before"), ("event_types=key.stolen", "event_types"),
    ("event_types[]=", "event_types"), ("effective_at=5", "effective_at"), ("effective_at[gt]=x", "effective_at[gt]"),
    ("actor_emails[]=a", "actor_emails[]"), ("Limit=5", "Limit"),
  ])
  func faultyParameterIsNamed(query: String, field: String) {
    let error = #expect(throws: GatewayError.self) { try filter(query) }
    let text = "\(error?.details as Any)"
    #expect(text.contains("\"\(field)\""))
  }

  /// Lines by a key of this user, by the operator and by the gateway.
  private static func entries(user: String) -> [AuditEntry] {
    let actors: [(Actor, String?)] = [(.key(Fixtures.keyID), user), (.operator, nil), (.system, nil)]
    return actors.enumerated().map { position, actor in
      let header = LineHeader(
        log: "tally.local/\(Fixtures.team)", index: Int64(9 - position), at: Timestamp(microseconds: 7_900_000),
        actor: actor.0, private: .zero)
      let event = Event.retentionChanged(RetentionChanged(old: nil, new: 400))
      return AuditEntry(
        place: Int64(19 - position), line: Line.write(event, header), header: header, action: event.action,
        userID: actor.1)
    }
  }

  @Test func tableHasARowForEachEntryAndKeepsSpreadsheetsSafe() async throws {
    let gateway = GatewayUnderTest(Self.reader)
    gateway.ledger.answers.withLock { $0.auditPage = Fixtures.auditPage(Self.entries(user: "@user-1"), hasMore: true) }
    let answer = try await gateway.run {
      try await $0.send(.get, "/v1/organization/audit_logs?limit=3", headers: [("Accept", "text/csv")])
    }
    #expect(answer.status == .ok && answer.headers[.contentType] == "text/csv; charset=utf-8")
    let ids = [19, 18, 17].map { AuditLogID.text($0, of: Fixtures.team) }
    let fields = #""{""new"":400,""old"":null}""#
    #expect(
      String(decoding: answer.body, as: UTF8.self)
        == "id,type,effective_at,actor_type,actor_id,user_id,index,fields\r\n"
        + "\(ids[0]),retention.changed,1970-01-01T00:00:07Z,api_key,\(Fixtures.keyID),'@user-1,9,\(fields)\r\n"
        + "\(ids[1]),retention.changed,1970-01-01T00:00:07Z,session,operator,,8,\(fields)\r\n"
        + "\(ids[2]),retention.changed,1970-01-01T00:00:07Z,session,system,,7,\(fields)\r\n")
    #expect(HTTPField.Name("Tally-Has-More").flatMap { answer.headers[$0] } == "true")
    let head = HTTPField.Name("Tally-As-Of").flatMap { answer.headers[$0] }
    #expect(head?.hasPrefix("tally.local/\(Fixtures.team) 20 ") == true)
  }

  @Test func pageHasTheShapeOfItsModelAndTheLinesOwnFields() async throws {
    let gateway = GatewayUnderTest(Self.reader)
    gateway.ledger.answers.withLock {
      $0.auditPage = Fixtures.auditPage(Self.entries(user: "user-12345"), hasMore: true)
    }
    let answer = try await gateway.run { try await $0.send(.get, "/v1/organization/audit_logs?limit=3") }
    #expect(answer.status == .ok)
    let root = try #require(answer.json)
    #expect(root.at("object") == .string("list"))
    #expect(root.at("has_more") == .bool(true))
    #expect(root.at("first_id") == .string(AuditLogID.text(19, of: Fixtures.team)))
    #expect(root.at("last_id") == .string(AuditLogID.text(17, of: Fixtures.team)))
    #expect(root.at("as_of", "size")?.integer == 20)
    guard case .array(let data) = root.at("data") else {
      Issue.record("no data")
      return
    }
    #expect(data.map { $0.at("id") } == [19, 18, 17].map { .string(AuditLogID.text($0, of: Fixtures.team)) })
    #expect(data[0].at("effective_at")?.integer == 7)
    #expect(data[0].at("index")?.integer == 9)
    #expect(data[0].at("type") == .string("retention.changed"))
    guard case .object(let fields) = data[0].at("retention.changed") else {
      Issue.record("no fields")
      return
    }
    #expect(fields.members.map(\.name) == ["new", "old"])
    #expect(data[0].at("actor", "type") == .string("api_key"))
    #expect(data[0].at("actor", "api_key", "user", "id") == .string("user-12345"))
    #expect(data[1].at("actor", "session", "user", "id") == .string("operator"))
    #expect(data[2].at("actor", "session", "user", "id") == .string("system"))
  }

  @Test func onlyAdministratorsAndFinanceWithTheScopeReadIt() async throws {
    for (principal, status) in [
      (Self.reader, HTTPResponse.Status.ok), (Fixtures.principal(role: .admin, scopes: [.reports]), .ok),
      (Fixtures.principal(role: .admin, scopes: [.admin]), .forbidden),
      (Fixtures.principal(role: .member, scopes: [.edit]), .forbidden),
    ] {
      let gateway = GatewayUnderTest(principal)
      let answer = try await gateway.run { try await $0.send(.get, "/v1/organization/audit_logs") }
      #expect(answer.status == status)
    }
  }

  /// An empty page would end the list for those who page it.
  @Test func aSearchThatRanOutOfTimeIsAnErrorThatSaysHowToGoOn() async throws {
    let gateway = GatewayUnderTest(Self.reader)
    gateway.ledger.answers.withLock {
      $0.auditPage = Fixtures.auditPage([], hasMore: true)
      $0.auditPage.stoppedAt = 12
    }
    let answer = try await gateway.run {
      try await $0.send(.get, "/v1/organization/audit_logs?event_types[]=edit.evidence")
    }
    #expect(answer.status == .badRequest)
    let text = String(decoding: answer.body, as: UTF8.self)
    #expect(text.contains("after=\(AuditLogID.text(12, of: Fixtures.team))"))
    #expect(text.contains("effective_at"))
  }
}
