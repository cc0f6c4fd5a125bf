import Ledger
import LedgerStore

/// A team's ledger with one edit in every state, made through the lanes.
struct SmallLedger: Sendable {
  static let administrator = Administrator(name: "test", reason: "a test")
  /// Credits of one medium square edit in the default price book.
  static let price: Int64 = 33_000

  let team = TeamID(bits: 0xA0)
  let name = "Small Team"
  let first = MemberID(bits: 0xB1)
  let second = MemberID(bits: 0xB2)
  /// The first member's key, with a budget of its own.
  let firstKey = KeyID(bits: 0xC1)
  /// The second member's key, which was rotated.
  let secondKey = KeyID(bits: 0xC2)
  let rotatedKey = KeyID(bits: 0xC3)
  let settled = RecordID(bits: 0xD1)
  let released = RecordID(bits: 0xD2)
  let inDoubt = RecordID(bits: 0xD3)
  let held = RecordID(bits: 0xD4)
  let credited = RecordID(bits: 0xD5)
  let refused = RecordID(bits: 0xD6)

  static func hash(_ byte: UInt8) throws -> Digest32 {
    guard let digest = Digest32(bytes: [UInt8](repeating: byte, count: Digest32.byteCount)) else { throw NoDigest() }
    return digest
  }

  private struct NoDigest: Error {}

  /// Makes the ledger.
  static func make(in store: LedgerStore) async throws -> SmallLedger {
    let ledger = SmallLedger()
    try await ledger.makePeople(in: store)
    try await ledger.makeEdits(in: store)
    return ledger
  }

  private func makePeople(in store: LedgerStore) async throws {
    let by = Self.administrator
    _ = try await store.createTeam(NewTeam(id: team, name: name, limit: Credits(10_000_000)), by: by)
    for (member, user, limit) in [(first, "user-1", Credits(200_000)), (second, "user-2", nil)] {
      _ = try await store.addMember(
        NewMember(team: team, id: member, userID: user, userName: "John Doe", limit: limit), by: by)
    }
    _ = try await store.issueKey(
      NewKey(
        team: team, id: firstKey, member: first, hash: try Self.hash(1), hint: "aaaa", scopes: [.edit, .reports],
        limit: Credits(150_000), ratePerMinute: 60), by: by)
    _ = try await store.issueKey(
      NewKey(team: team, id: secondKey, member: second, hash: try Self.hash(2), hint: "bbbb", scopes: [.edit]), by: by)
  }

  private func makeEdits(in store: LedgerStore) async throws {
    let by = Self.administrator
    _ = try await store.hold(request(settled, idempotencyKey: "settled"))
    _ = try await store.settle(settlement(of: settled))
    _ = try await store.hold(request(released))
    _ = try await store.release(
      ReleaseRequest(team: team, record: released, cause: .upstreamRefused, errorCode: "BAD", errorMessage: "no"))
    _ = try await store.hold(request(inDoubt))
    _ = try await store.markInDoubt(InDoubtRequest(team: team, record: inDoubt, cause: .timedOut))
    _ = try await store.hold(request(held))
    _ = try await store.hold(request(credited, member: second, key: secondKey, user: "user-2", n: 2))
    _ = try await store.settle(settlement(of: credited, results: 2))
    _ = try await store.credit(
      CreditRequest(team: team, record: credited, amount: Credits(6_000), creditedBefore: .zero), by: by)
    _ = try await store.hold(request(refused, n: 10, idempotencyKey: #"a "refused" \ one"#))
    _ = try await store.changeMember(
      team: team, userID: "user-2", MemberChange(limit: .set(Credits(500_000))), by: by)
    _ = try await store.rotateKey(
      KeyRotation(
        team: team, key: secondKey, newKey: rotatedKey, hash: try Self.hash(3), hint: "cccc", overlapSeconds: 3_600),
      by: by)
  }

  /// A medium square edit, by default the first member's.
  func request(
    _ record: RecordID, member: MemberID? = nil, key: KeyID? = nil, user: String = "user-1", n: Int = 1,
    model: String = "gpt-image-1-mini", idempotencyKey: String? = nil
  ) -> HoldRequest {
    HoldRequest(
      team: team, record: record, member: member ?? first, key: key ?? firstKey, model: model, quality: "medium",
      size: "1024x1024", n: n, promptObject: #"{"prompt":"a test","n":\#(n)}"#, metadata: #"{"a":1}"#,
      clientAddress: "192.0.2.1", userID: user,
      idempotency: idempotencyKey.map { IdempotencyClaim(key: $0, body: Array("a body".utf8)) })
  }

  /// What the upstream delivered.
  func settlement(of record: RecordID, results: Int = 1) -> SettleRequest {
    SettleRequest(
      team: team, record: record, upstreamUUID: "upstream-\(record)",
      resultKeys: (0..<results).map { "images/\(record)_\($0).png" }, temporaryURL: "https://example.com/\(record)")
  }
}
