import Ledger
import LedgerStore
import Testing

/// A team with one member, whose edits cost 33,000 credits each, and its budgets.
struct AlertFixture: Sendable {
  static let by = Administrator(name: "test", reason: "a test")
  static let url = "https://hooks.example.com/tally"

  let team = TeamID(bits: 0xA0)
  let member = MemberID(bits: 0xB1)
  let key = KeyID(bits: 0xC1)
  let secret: AlertSecret

  /// Makes the team.
  /// - Parameter limit: the team's; nil: none.
  static func make(in store: LedgerStore, limit: Int64? = 100_000) async throws -> AlertFixture {
    let fixture = AlertFixture(secret: try #require(AlertSecret(bytes: [UInt8](repeating: 0x5E, count: 32))))
    _ = try await store.createTeam(
      NewTeam(id: fixture.team, name: "Alerted", limit: limit.map { Credits($0) }), by: by)
    _ = try await store.addMember(
      NewMember(team: fixture.team, id: fixture.member, userID: "user-1", userName: "John Doe"), by: by)
    _ = try await store.issueKey(
      NewKey(
        team: fixture.team, id: fixture.key, member: fixture.member, hash: try SmallLedger.hash(1), hint: "aaaa",
        scopes: [.edit]), by: by)
    return fixture
  }

  /// Charges one edit.
  func spend(_ number: Int, in store: LedgerStore) async throws {
    let record = RecordID(bits: UInt128(0xD000 + number))
    _ = try await store.hold(
      HoldRequest(
        team: team, record: record, member: member, key: key, model: "gpt-image-1-mini", quality: "medium",
        size: "1024x1024", n: 1, promptObject: "{}", userID: "user-1"))
    _ = try await store.settle(
      SettleRequest(
        team: team, record: record, upstreamUUID: "up-\(number)", resultKeys: ["images/\(number).png"],
        temporaryURL: nil))
  }

  /// Sets an alert on the team's budget.
  @discardableResult
  func set(
    _ thresholds: [Int64] = [50, 80, 100], url: String = url, id: UInt128 = 0xE1, subject: BudgetSubject? = nil,
    in store: LedgerStore
  ) async throws -> AlertView {
    try await store.setAlert(
      Alert(
        id: NoteID(bits: id), team: team, subject: subject ?? .team(team), thresholds: thresholds, url: url,
        secret: secret), keepsSecret: true, by: Self.by)
  }

  /// What a gateway does every other second.
  /// - Returns: thresholds that are new in the queue.
  @discardableResult
  func look(_ store: LedgerStore) async throws -> [Int64] {
    let before = try await thresholds(in: store)
    var place: AlertPlace? = .start
    while let from = place {
      let page = try await store.alertedBudgets(after: from, limit: 100)
      let new = page.budgets.flatMap { found in
        found.reached.map {
          NewAlertMessage(
            id: NoteID(bits: .random(in: 0...UInt128.max)), found, threshold: $0, reachedAt: page.now)
        }
      }
      _ = try await store.enqueue(new)
      place = page.next
    }
    return try await thresholds(in: store).filter { !before.contains($0) }
  }

  /// Messages that are due, as thresholds.
  func thresholds(in store: LedgerStore) async throws -> [Int64] {
    try await store.dueMessages(limit: 1_000).compactMap(\.threshold).sorted()
  }

  /// Ends everything that is due.
  func deliver(_ store: LedgerStore) async throws {
    for message in try await store.dueMessages(limit: 1_000) {
      guard let claimed = try await store.claim(message, for: .seconds(30)) else { continue }
      try await store.end(claimed, status: 200, isDelivered: true)
    }
  }

  /// The events of the team's log, without its first ones.
  static func events(in database: LedgerDatabase) async throws -> [Event] {
    try await database.texts(
      "SELECT convert_from(line, 'UTF8') FROM tally.log_line ORDER BY team_id, index"
    ).map { try Line.parse(Array(($0 ?? "").utf8)).1 }
  }
}
