import Gateway
import HTTPTypes
import Ledger
import LedgerStore
import Synchronization
import Testing
import TransparencyLog

/// `/v1/audit/checkpoint` and `/v1/audit/proof/{index}` (docs/http.md).
@Suite struct HeadsOverHTTPTests {
  private static let own = RecordID(bits: 0x55)
  private static let keys = [NoteSigningKey(newNamed: "tally.local")].compactMap(\.self)
  private static let origin = "tally.local/\(Fixtures.team)"

  /// A log whose second line is of an edit, by default the member's own.
  private static func gateway(
    _ principal: Principal = Fixtures.principal(), editOf member: MemberID = Fixtures.member
  ) throws -> GatewayUnderTest {
    let gateway = GatewayUnderTest(principal)
    let edit = EditRefused(
      record: own, member: member, key: Fixtures.keyID, instance: InstanceID(bits: 9), model: "m", quality: "q",
      size: "s", n: 1, unitPrice: Credits(105), priceVersion: 1, needed: Credits(105), refusedBy: .member,
      available: Credits(35), budgets: [])
    func line(_ event: Event, _ index: Int64) -> [UInt8] {
      Line.write(
        event,
        LineHeader(
          log: origin, index: index, at: Fixtures.now, actor: .system, private: .zero))
    }
    let hold = Event.legalHoldPlaced(LegalHoldPlaced())
    gateway.ledger.answers.withLock {
      $0.lines = [line(hold, 0), line(.refused(edit), 1), line(hold, 2)]
      $0.record = Fixtures.stored(.refused, record: own, member: member)
      $0.headKey = keys.first
    }
    return gateway
  }

  @Test func everybodyGetsTheSignedHead() async throws {
    for role in [MemberRole.admin, .member, .finance] {
      let answer = try await Self.gateway(Fixtures.principal(role: role, scopes: [])).run { client in
        try await client.send(.get, "/v1/audit/checkpoint")
      }
      #expect(answer.status == .ok)
      #expect(answer.headers[.contentType] == "text/plain; charset=utf-8")
      let head = try Checkpoint(
        SignedNote(bytes: answer.body), signedBy: Self.keys.map(\.verifier), origin: Self.origin)
      #expect(head.size == 3)
      // When it was signed is the signer's word: the note itself has no time.
      #expect(answer.headers[.lastModified] == Fixtures.now.httpDate)
      #expect(HTTPField.Name("Tally-Signed-At").flatMap { answer.headers[$0] } == Fixtures.now.rfc3339)
    }
  }

  @Test(arguments: [
    ("1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
    ("2026-11-27T10:15:09.999999Z", "Fri, 27 Nov 2026 10:15:09 GMT"),
    ("2028-02-29T23:59:59Z", "Tue, 29 Feb 2028 23:59:59 GMT"),
    ("1969-12-31T23:59:59.5Z", "Wed, 31 Dec 1969 23:59:59 GMT"),
  ])
  func aMomentIsWrittenAsHTTPHasIt(text: String, date: String) throws {
    #expect(try #require(Timestamp(rfc3339: text)).httpDate == date)
  }

  /// What a reader holds may say more: nobody is told that all is well, or that another try makes sense.
  @Test(arguments: [LogHalt.Cause.contradiction, .brokenTree, nil])
  func nothingIsGivenAwayOfALogThatContradictsWhatWasSigned(cause: LogHalt.Cause?) async throws {
    var gateway = try Self.gateway(Fixtures.principal(role: .admin, scopes: [.admin, .audit]))
    let exports = StubExports()
    gateway.exports = ExportParts(exports: exports, folder: "/nowhere")
    let halt = LogHalt(
      team: Fixtures.team, origin: Self.origin, cause: cause, signedSize: cause == .contradiction ? 33 : nil, size: 27)
    gateway.ledger.answers.withLock { $0.halt = halt }
    try await gateway.run { client in
      let paths = [
        "/v1/audit/checkpoint", "/v1/audit/proof/1", "/v1/audit/export?format=bundle", "/v1/statements/2026-10",
      ]
      for path in paths {
        let answer = try await client.send(.get, path)
        #expect(answer.status == .serviceUnavailable && answer.code == "SERVICE_UNAVAILABLE", "\(path)")
        #expect(answer.headers[.retryAfter] == nil, "\(path)")
        let detail = answer.json?.at("detail")?.text ?? ""
        #expect(detail.contains("is halted") && detail.contains("27"), "\(detail)")
        if cause == .contradiction { #expect(detail.contains("33 lines of it had been signed"), "\(detail)") }
      }
      // A stranger's line is not told of by the halt.
      #expect(try await client.send(.get, "/v1/audit/proof/99").status == .notFound)
    }
    #expect(exports.state.withLock { $0.requests.isEmpty && $0.noted.isEmpty })
  }

  @Test func aLogThatIsHaltedForALostHoldStillHasItsHeads() async throws {
    let gateway = try Self.gateway(Fixtures.principal(role: .admin, scopes: [.admin]))
    let halt = LogHalt(team: Fixtures.team, origin: Self.origin, cause: .lostHold, size: 3)
    gateway.ledger.answers.withLock { $0.halt = halt }
    try await gateway.run { client in
      for path in ["/v1/audit/checkpoint", "/v1/audit/proof/1"] {
        let answer = try await client.send(.get, path)
        #expect(answer.status == .ok, "\(path)")
      }
    }
  }

  @Test func withoutASignerTheClientIsAskedToWait() async throws {
    let gateway = try Self.gateway(Fixtures.principal(role: .admin, scopes: [.admin]))
    gateway.ledger.answers.withLock { $0.headKey = nil }
    try await gateway.run { client in
      for path in ["/v1/audit/checkpoint", "/v1/audit/proof/1"] {
        let answer = try await client.send(.get, path)
        #expect(answer.status == .serviceUnavailable)
        #expect(answer.code == "SERVICE_UNAVAILABLE")
        #expect(answer.headers[.retryAfter] == "2")
      }
    }
  }

  @Test func aMembersOwnLineIsProvedByATextThatStandsAlone() async throws {
    let answer = try await Self.gateway().run { client in try await client.send(.get, "/v1/audit/proof/1") }
    #expect(answer.status == .ok)
    let proved = try LogProof(text: answer.body).verifiedLine(
      keys: Self.keys.map(\.verifier), origin: Self.origin)
    #expect(try Line.parse(proved.line).1.record == Self.own)
  }

  @Test func whatAMemberMayNotSeeAnswersLikeWhatDoesNotExist() async throws {
    let foreign = try await Self.gateway(editOf: MemberID(bits: 0x77)).run { client in
      try await client.send(.get, "/v1/audit/proof/1")
    }
    #expect(foreign.status == .notFound)
    try await Self.gateway().run { client in
      for index in ["0", "2", "3", "-1", "x", "01x", "01", "99999999999999999999"] {
        let answer = try await client.send(.get, "/v1/audit/proof/\(index)")
        #expect(answer.status == .notFound, "\(index)")
        #expect(answer.json?.at("detail") == foreign.json?.at("detail"))
      }
    }
  }

  @Test func aParameterThatNobodyReadsIsNamed() async throws {
    try await Self.gateway().run { client in
      for path in ["/v1/audit/checkpoint?size=3", "/v1/audit/proof/1?member=me"] {
        let answer = try await client.send(.get, path)
        #expect(answer.status == .badRequest && answer.code == "INVALID_FIELDS", "\(path)")
      }
    }
  }

  private static let readers = [
    Fixtures.principal(role: .admin, scopes: [.admin]), Fixtures.principal(role: .finance, scopes: [.audit]),
  ]

  @Test(arguments: readers)
  func whoReadsTheLogGetsTheProofOfEveryLine(reader: Principal) async throws {
    try await Self.gateway(reader, editOf: MemberID(bits: 0x77)).run { client in
      for index in 0...2 {
        let answer = try await client.send(.get, "/v1/audit/proof/\(index)")
        #expect(answer.status == .ok)
        let proof = try LogProof(text: answer.body)
        #expect(proof.index == Int64(index))
        #expect(throws: Never.self) { try proof.verifiedLine(keys: Self.keys.map(\.verifier)) }
      }
      #expect(try await client.send(.get, "/v1/audit/proof/3").status == .notFound)
    }
  }

  @Test func aLineOfAnOldLogIsProvedUnderTheHeadThatIsLeft() async throws {
    let gateway = try Self.gateway(Fixtures.principal(role: .finance, scopes: [.audit]))
    let key = try #require(Self.keys.first)
    let lines = gateway.ledger.answers.withLock { $0.lines }
    func state(_ size: Int) -> LogState {
      var peaks = Peaks()
      for line in lines.prefix(size) { peaks.add(LeafHash.hash(line)) }
      return LogState(origin: "\(Self.origin)/before", size: Int64(size), peaks: peaks, lastAt: Fixtures.now)
    }
    let (old, covered) = (state(3), state(2))
    let note = try Checkpoint(origin: covered.origin, size: 2, root: covered.peaks.root).signed(by: key)
    gateway.ledger.answers.withLock {
      $0.oldLog = TeamLog(team: Fixtures.team, state: old, replacedAt: Fixtures.now)
      $0.oldHead = LogHead(
        team: Fixtures.team, origin: old.origin, size: 2, root: covered.peaks.root, note: note.bytes,
        signedAt: Fixtures.now)
      // Nothing is signed of it any more, whoever signs.
      $0.headKey = nil
    }
    try await gateway.run { client in
      let answer = try await client.send(.get, "/v1/audit/proof/1?log=\(old.origin)")
      #expect(answer.status == .ok)
      #expect(throws: Never.self) {
        try LogProof(text: answer.body).verifiedLine(keys: [key.verifier], origin: old.origin)
      }
      for path in ["2?log=\(old.origin)", "3?log=\(old.origin)", "1?log=another"] {
        let missing = try await client.send(.get, "/v1/audit/proof/\(path)")
        #expect(missing.status == .notFound, "\(path)")
      }
      let twice = try await client.send(.get, "/v1/audit/proof/1?log=a&log=b")
      #expect(twice.status == .badRequest)
    }
  }

  @Test func aPrunedLineIsProvedByItsHashAlone() async throws {
    let gateway = try Self.gateway(Fixtures.principal(role: .finance, scopes: [.audit]))
    gateway.ledger.answers.withLock { $0.prunedBelow = 2 }
    try await gateway.run { client in
      let answer = try await client.send(.get, "/v1/audit/proof/1")
      #expect(answer.status == .ok)
      let proof = try LogProof(text: answer.body)
      #expect(proof.extra == nil && proof.index == 1)
      let line = try #require(gateway.ledger.answers.withLock { $0.lines }.dropFirst().first)
      let keys = Self.keys.map(\.verifier)
      #expect(throws: Never.self) { try proof.verify(leaf: LeafHash.hash(line), keys: keys, origin: Self.origin) }
      #expect(throws: ProofError.self) { try proof.verify(leaf: LeafHash.hash([1]), keys: keys) }
      #expect(try await client.send(.get, "/v1/audit/proof/2").status == .ok)
    }
  }
}
