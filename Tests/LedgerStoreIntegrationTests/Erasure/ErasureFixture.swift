import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing

/// A ledger with a member whose every personal text holds one word that stands nowhere else.
struct ErasureFixture: Sendable {
  static let word = "Xanthippe"

  let ledger: SmallLedger
  let member = MemberID(bits: 0xBE)
  let key = KeyID(bits: 0xCE)
  let settled = RecordID(bits: 0xE1)
  let released = RecordID(bits: 0xE2)
  let refused = RecordID(bits: 0xE3)
  let open = RecordID(bits: 0xE4)

  static func make(in store: LedgerStore, _ database: LedgerDatabase) async throws -> ErasureFixture {
    let fixture = ErasureFixture(ledger: try await SmallLedger.make(in: store))
    try await fixture.fill(store, database)
    return fixture
  }

  func request(_ record: RecordID, n: Int = 1, idempotencyKey: String? = nil) -> HoldRequest {
    var request = ledger.request(
      record, member: member, key: key, user: Self.word, n: n, idempotencyKey: idempotencyKey)
    request.promptObject = #"{"prompt":"\#(Self.word)"}"#
    request.metadata = #"{"\#(Self.word)":1}"#
    request.clientAddress = Self.word
    return request
  }

  func settlement(of record: RecordID) -> SettleRequest {
    SettleRequest(
      team: ledger.team, record: record, upstreamUUID: "upstream-\(record)",
      resultKeys: ["images/\(Self.word)-\(record).png"], temporaryURL: "https://example.com/\(Self.word)",
      responseObject: #"{"text":"\#(Self.word)"}"#)
  }

  private func fill(_ store: LedgerStore, _ database: LedgerDatabase) async throws {
    let word = Self.word
    let named = Administrator(name: word, reason: word)
    _ = try await store.addMember(
      NewMember(
        team: ledger.team, id: member, userID: word, userName: word, role: .admin, limit: Credits(100_000)), by: named)
    _ = try await store.issueKey(
      NewKey(
        team: ledger.team, id: key, member: member, hash: try SmallLedger.hash(9), hint: "eeee",
        scopes: [.edit, .admin],
        limit: Credits(5_000_000)), by: named)
    _ = try await store.hold(request(settled, idempotencyKey: word))
    _ = try await store.settle(settlement(of: settled))
    _ = try await store.credit(
      CreditRequest(team: ledger.team, record: settled, amount: Credits(1), creditedBefore: .zero), by: named)
    _ = try await store.hold(request(released, idempotencyKey: "2 \(word)"))
    _ = try await store.release(
      ReleaseRequest(
        team: ledger.team, record: released, cause: .upstreamRefused, errorCode: "BAD", errorMessage: word,
        errorStatus: 400, errorDetails: word))
    _ = try await store.hold(request(refused, n: 10, idempotencyKey: "3 \(word)"))
    _ = try await store.hold(request(open))
    // What a member does over HTTP has its user id in the payload.
    _ = try await store.changeMember(
      team: ledger.team, userID: "user-2", MemberChange(limit: .set(Credits(600_000))),
      by: Administrator(name: word, key: key, member: member))
    _ = try await store.noteReading(
      of: "usage", at: .epoch, of: ledger.team, by: Administrator(name: word, key: key, member: member))
    let secret = try #require(AlertSecret(bytes: [UInt8](repeating: 1, count: 32)))
    _ = try await store.setAlert(
      Alert(
        id: NoteID(bits: 0xFE), team: ledger.team, subject: .member(member), thresholds: [50],
        url: "https://example.com/\(word)", secret: secret), keepsSecret: true, by: named)
    try await store.storeAsset(
      NewAsset(
        team: ledger.team, storageKey: "images/\(word).png", member: member, mediaType: "image/png", bytes: 1,
        originalName: "\(word).png", createdAt: .epoch))
    try await database.execute(
      """
      UPDATE tally.member SET user_avatar = '\(word)' WHERE member_id = '\(member)';
      UPDATE tally.record SET feedback = '\(word)' WHERE member_id = '\(member)'
      """)
  }

  /// Resolves the edit that is open.
  func resolveOpen(in store: LedgerStore) async throws {
    _ = try await store.settle(settlement(of: open))
  }

  /// Tables that hold the word in any column.
  static func tablesWithTheWord(in database: LedgerDatabase) async throws -> [String] {
    let tables = try await database.texts(
      "SELECT tablename FROM pg_tables WHERE schemaname = 'tally' ORDER BY tablename"
    ).compactMap(\.self)
    let hexadecimal = word.utf8.map { String($0, radix: 16) }.joined()
    var found: [String] = []
    for table in tables {
      let rows = try await database.texts(
        """
        SELECT count(*)::text FROM tally.\(table) AS x
         WHERE x::text LIKE '%\(word)%' OR x::text LIKE '%\(hexadecimal)%'
        """)
      if rows != ["0"] { found.append(table) }
    }
    return found
  }
}

/// Expects that every invariant holds.
/// - Parameter heldAtMost: how long an edit may be open, for tests that jump over months.
func expectSound(
  _ store: LedgerStore, heldAtMost: Duration = LedgerStore.heldAtMostByDefault,
  sourceLocation: SourceLocation = #_sourceLocation
) async throws {
  let report = try await store.check(heldAtMost: heldAtMost)
  #expect(report == CheckReport(), sourceLocation: sourceLocation)
}
