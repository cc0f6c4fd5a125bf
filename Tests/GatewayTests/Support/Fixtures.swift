import Gateway
import Ledger
import LedgerStore
import Testing
import TransparencyLog
import Upstream

/// Values that the tests begin with.
enum Fixtures {
  static let now = Timestamp(rfc3339: "2026-11-23T12:00:00Z") ?? .epoch
  static let team = TeamID(bits: 0x11)
  static let otherTeam = TeamID(bits: 0x22)
  static let member = MemberID(bits: 0x33)
  static let keyID = KeyID(bits: 0x44)
  static let record = RecordID(bits: 0x55)
  static let assetKey = "images/2026_11_23_11_00_00_000_cat.png"

  /// A key that always is the same.
  static let key: Gateway.APIKey = {
    var generator = SeededGenerator(seed: 7)
    return Gateway.APIKey.generate(using: &generator)
  }()

  static func principal(
    role: MemberRole = .member, scopes: KeyScopes = [.edit], ratePerMinute: Int? = nil,
    memberStatus: AccountStatus = .active, teamStatus: AccountStatus = .active, expiresAt: Timestamp? = nil,
    revokedAt: Timestamp? = nil
  ) -> Principal {
    Principal(
      team: team, teamName: "Acme", teamStatus: teamStatus, timeZone: "UTC", member: member, userID: "user-12345",
      userName: "John Doe", userAvatar: "https://example.com/avatar.jpg", role: role, memberStatus: memberStatus,
      creditLimit: Credits(100_000_000), memberCreatedAt: at("2025-01-01T00:00:00Z"), memberCreatedBy: "SYSTEM",
      memberUpdatedAt: at("2025-01-15T16:00:00Z"), memberUpdatedBy: "SYSTEM", key: keyID, scopes: scopes,
      ratePerMinute: ratePerMinute, expiresAt: expiresAt, revokedAt: revokedAt)
  }

  static let held = HeldEdit(record: record, amount: Credits(33_000), at: now, index: 3)

  static func at(_ text: String) -> Timestamp {
    Timestamp(rfc3339: text) ?? .epoch
  }

  static func budget(used: Int64 = 28_000, limit: Int64? = 100_000_000) -> BudgetView {
    BudgetView(
      scope: .member, subject: "user-12345", period: .month, limit: limit.map { Credits($0) }, used: Credits(used),
      held: .zero, available: limit.map { Credits($0 - used) }, resetsAt: at("2026-12-01T00:00:00Z"))
  }

  static func auditPage(_ entries: [AuditEntry], hasMore: Bool = false) -> AuditEntryPage {
    AuditEntryPage(
      entries: entries, hasMore: hasMore,
      asOf: UsagePosition(origin: "tally.local/\(team)", size: 20, root: .zero, at: now))
  }

  static func position(index: Int64 = 4) -> LogPosition {
    LogPosition(
      log: "tally.local/\(team)", index: index, leaf: LeafHash.hash(Array(#"{"a":1}"#.utf8)),
      at: at("2026-11-23T12:00:01Z"))
  }

  static func resolved(
    _ state: EditState = .settled, charged: Int64 = 33_000, wasResolvedBefore: Bool = false
  ) -> ResolvedEdit {
    ResolvedEdit(
      record: record, state: state, wasResolvedBefore: wasResolvedBefore,
      charged: Credits(state == .settled ? charged : 0), variance: .zero, at: at("2026-11-23T12:00:01Z"),
      position: position(), memberBudget: budget())
  }

  static let result = EditResult(
    uuid: "upstream-uuid", resultKeys: ["development/images/2025_01_15_16_00_30_001_edited.png"],
    temporaryURL: "https://s3.us-east-1.amazonaws.com/asset.1min.ai/development/images/edited.png?X-Amz-Expires=604800")

  static func stored(
    _ state: EditState, record: RecordID = Fixtures.record, member: MemberID = Fixtures.member
  ) -> StoredRecord {
    let isDone = state == .settled
    return StoredRecord(
      team: team, record: record, member: member, userID: "user-12345", key: keyID, state: state, assumed: false,
      isAsync: false, model: "gpt-image-1-mini", quality: "medium", size: "1024x1024", n: 1, unitPrice: Credits(33_000),
      heldCredits: Credits(33_000), credits: Credits(isDone ? 33_000 : 0), charged: Credits(isDone ? 33_000 : 0),
      credited: .zero, variance: .zero, createdAt: now, resolvedAt: state.isOpen ? nil : now,
      promptObject: #"{"imageUrl":"a","prompt":"b"}"#, resultKeys: isDone ? result.resultKeys : nil,
      temporaryURL: isDone ? result.temporaryURL : nil, holdIndex: 3, resolveIndex: state.isOpen ? nil : 4)
  }

  /// An edit for 105 credits where a budget of 100 has 35 left.
  static func refused(by scope: BudgetScope = .member) throws -> RefusedEdit {
    let id = BudgetID(scope: scope, subject: 1, period: .month, start: at("2026-11-01T00:00:00Z"))
    let budget = BudgetMovement(
      id: id, end: at("2026-12-01T00:00:00Z"), limit: Credits(100), usedBefore: Credits(60), usedAfter: Credits(60),
      heldBefore: Credits(5), heldAfter: Credits(5))
    let event = EditRefused(
      record: record, member: member, key: keyID, instance: InstanceID(bits: 9), model: "m", quality: "q", size: "s",
      n: 1, unitPrice: Credits(105), priceVersion: 1, needed: Credits(105), refusedBy: scope, available: Credits(35),
      budgets: [budget])
    return RefusedEdit(record: record, refusal: try #require(Refusal(event)), at: now, index: 1)
  }

  static let storage = StorageHosts(upstreamURL: "https://api.1min.ai")

  /// The body of the Feature API page's example, as JSON text.
  static let pageBody = """
    {
    "type": "IMAGE_EDITOR",
    "model": "gpt-image-1-mini",
    "promptObject": {
    "imageUrl": "development/images/2025_12_04_18_10_29_882_cat.png",
    "prompt": "transform into a watercolor painting style with soft brushstrokes and vibrant colors",
    "size": "1024x1024",
    "n": 1,
    "quality": "medium",
    "output_format": "png",
    "background": "auto"
    }
    }
    """

  static func submission(_ text: String = pageBody) throws -> EditSubmission {
    try EditSubmission(JSONReader.parse(Array(text.utf8)), storage: storage)
  }

  /// A body with the fields of `promptObject` given as JSON texts, over an example that is valid.
  static func body(
    _ changes: [String: String] = [:], top: [String: String] = [:], without missing: [String] = []
  ) -> String {
    var fields = ["imageUrl": "\"\(assetKey)\"", "prompt": "\"make it blue\""]
    fields.merge(changes) { $1 }
    for name in missing { fields[name] = nil }
    var outer = [
      "type": "\"IMAGE_EDITOR\"", "model": "\"gpt-image-1-mini\"", "promptObject": object(fields),
    ]
    outer.merge(top) { $1 }
    return object(outer)
  }

  private static func object(_ fields: [String: String]) -> String {
    "{\(fields.sorted { $0.key < $1.key }.map { "\"\($0)\":\($1)" }.joined(separator: ","))}"
  }
}
