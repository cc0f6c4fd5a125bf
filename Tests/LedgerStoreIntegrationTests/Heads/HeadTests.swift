import Ledger
import LedgerStore
import TallyTesting
import Testing
import TransparencyLog

/// Signed heads in the tables: who stores them, and how they are asked for.
@Suite struct HeadTests {
  private static let lease = Duration.seconds(60)
  private static let state = SignerStateID(bits: 0x51)

  /// A head of the whole log, signed by a key of the test's own.
  private static func head(of team: TeamID, in store: LedgerStore, key: NoteSigningKey) async throws -> LogHead {
    let log = try await store.logState(of: team)
    return try head(of: team, origin: log.origin, size: log.size, root: log.peaks.root, key: key)
  }

  private static func head(
    of team: TeamID, origin: String, size: Int64, root: Digest, key: NoteSigningKey
  ) throws -> LogHead {
    let note = try Checkpoint(origin: origin, size: size, root: root).signed(by: key)
    return LogHead(
      team: team, origin: origin, size: size, root: root, note: note.bytes,
      signedAt: Timestamp(microseconds: 1_700_000_000_000_000))
  }

  private static func key() throws -> NoteSigningKey {
    try #require(NoteSigningKey(newNamed: "tally.local"))
  }

  @Test func aHeadThatIsAskedForIsAnsweredWhenItIsSigned() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let key = try Self.key()
      let size = try await store.logState(of: ledger.team).size
      #expect(try await store.newestHead(of: ledger.team) == nil)
      let term = try #require(try await store.takeSignerLease(state: Self.state, after: nil, for: Self.lease))
      async let answer = store.signedHead(of: ledger.team, covering: size, within: .seconds(30))
      var requests: [HeadRequest] = []
      while requests.isEmpty { requests = try await store.headRequests(limit: 10) }
      #expect(requests == [HeadRequest(team: ledger.team, wantedSize: size)])
      let head = try await Self.head(of: ledger.team, in: store, key: key)
      #expect(try await store.storeHeads([head], term: term))
      #expect(try await answer == head)
      // What is covered needs no signer.
      #expect(try await store.signedHead(of: ledger.team, covering: 1, within: .zero) == head)
      try await store.forget([HeadRequest(team: ledger.team, wantedSize: size - 1)])
      #expect(try await store.headRequests(limit: 10) == requests)
      try await store.forget([HeadRequest(team: ledger.team, wantedSize: size)])
      #expect(try await store.headRequests(limit: 10) == [])
    }
  }

  @Test func whereNobodySignsThereIsNoHeadInTime() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      #expect(try await store.signedHead(of: ledger.team, covering: 1, within: .milliseconds(30)) == nil)
      #expect(try await store.signedHead(of: ledger.team, covering: 3, within: .zero) == nil)
      #expect(try await store.headRequests(limit: 10) == [HeadRequest(team: ledger.team, wantedSize: 3)])
      let size = try await store.logState(of: ledger.team).size
      let future = await #expect(throws: StoreError.self) {
        try await store.signedHead(of: ledger.team, covering: size + 1, within: .zero)
      }
      #expect(
        future?.reason
          == .invalid(field: "size", message: "must not be larger than the log, which has \(size) lines"))
      let unknown = await #expect(throws: StoreError.self) {
        try await store.signedHead(of: TeamID(bits: 7), covering: 0, within: .zero)
      }
      #expect(unknown?.reason == .notFound("the team"))
    }
  }

  @Test func aFormerHoldersHeadIsNotStored() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let second = try await database.openStore { $0.instance = InstanceID(bits: 0x2) }
      let key = try Self.key()
      let head = try await Self.head(of: ledger.team, in: store, key: key)
      #expect(try await store.signerLease() == nil)
      let first = try #require(try await store.takeSignerLease(state: Self.state, after: nil, for: Self.lease))
      // The lease runs, and is another's.
      #expect(try await second.takeSignerLease(state: Self.state, after: first, for: Self.lease) == nil)
      #expect(try await second.takeSignerLease(state: Self.state, after: nil, for: Self.lease) == nil)
      #expect(try await store.renewSignerLease(term: first, for: Self.lease))
      try await store.endSignerLease(term: first)
      let ended = try #require(try await store.signerLease())
      #expect(ended.hasEnded)
      #expect(ended.state == Self.state)
      // Another state file does not take it.
      #expect(
        try await second.takeSignerLease(state: SignerStateID(bits: 0x52), after: first, for: Self.lease) == nil)
      let next = try #require(try await second.takeSignerLease(state: Self.state, after: first, for: Self.lease))
      #expect(next == first + 1)
      #expect(try await !store.renewSignerLease(term: first, for: Self.lease))
      #expect(try await !store.storeHeads([head], term: first))
      #expect(try await store.newestHead(of: ledger.team) == nil)
      #expect(try await second.storeHeads([head], term: next))
      #expect(try await store.newestHead(of: ledger.team) == head)
      await second.close(within: .seconds(1))
    }
  }

  @Test func theProofOfALineIsCheckedBeforeItIsHandedOut() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let key = try Self.key()
      let head = try await Self.head(of: ledger.team, in: store, key: key)
      let line = try #require(try await store.loggedLine(of: ledger.team, at: 5))
      let proof = try await store.proof(of: line, under: head)
      let proved = try LogProof(text: Array(proof.text.utf8)).verifiedLine(keys: [key.verifier], origin: head.origin)
      #expect(proved.line == line.line)
      var changed = line
      changed.line[20] ^= 1
      let wrong = await #expect(throws: StoreError.self) { try await store.proof(of: changed, under: head) }
      #expect(wrong.map { if case .conflict = $0.reason { true } else { false } } == true)
      var short = head
      short.size = 5
      let beyond = await #expect(throws: StoreError.self) { try await store.proof(of: line, under: short) }
      #expect(
        beyond?.reason == .invalid(field: "index", message: "must be below the 5 lines of the signed head"))
      try await database.execute("UPDATE tally.log_line SET line = '' WHERE index = 5")
      let pruned = try #require(try await store.loggedLine(of: ledger.team, at: 5))
      #expect(pruned.isPruned)
      #expect(pruned.leaf == line.leaf)
      // Its hash still leads to the head, as whoever has a receipt can see.
      let left = try LogProof(text: Array(try await store.proof(of: pruned, under: head).text.utf8))
      #expect(left.extra == nil)
      #expect(try left.verify(leaf: line.leaf, keys: [key.verifier], origin: head.origin).size == head.size)
    }
  }

  @Test func aSmallerHeadNeverTakesALargersPlace() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let key = try Self.key()
      let term = try #require(try await store.takeSignerLease(state: Self.state, after: nil, for: Self.lease))
      #expect(try await !store.hasSignedHeads())
      let head = try await Self.head(of: ledger.team, in: store, key: key)
      let smaller = try Self.head(of: ledger.team, origin: head.origin, size: 1, root: head.root, key: key)
      let elsewhere = try Self.head(of: ledger.team, origin: "tally.local/old", size: 99, root: head.root, key: key)
      #expect(try await store.storeHeads([head, elsewhere], term: term))
      #expect(try await store.storeHeads([smaller], term: term))
      #expect(try await store.newestHead(of: ledger.team) == head)
      #expect(try await store.hasSignedHeads())
    }
  }

  @Test func tipsTellOfLogsAndTheirHeadsPageByPage() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let other = TeamID(bits: 0xA9)
      _ = try await store.createTeam(NewTeam(id: other, name: "Other"), by: SmallLedger.administrator)
      let head = try await Self.head(of: ledger.team, in: store, key: try Self.key())
      let term = try #require(try await store.takeSignerLease(state: Self.state, after: nil, for: Self.lease))
      #expect(try await store.storeHeads([head], term: term))
      let log = try await store.logState(of: ledger.team)
      let first = try await store.logTips(after: nil, limit: 1)
      #expect(first == [LogTip(team: ledger.team, log: log, head: head)])
      let rest = try await store.logTips(after: ledger.team, limit: 1)
      let otherLog = try await store.logState(of: other)
      #expect(rest == [LogTip(team: other, log: otherLog)])
      #expect(try await store.logTips(after: other, limit: 1) == [])
      #expect(try await store.logTips(of: [other, ledger.team, TeamID(bits: 7)]) == first + rest)
    }
  }

  @Test func aHaltedLogTakesNothing() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let origin = "tally.local/\(ledger.team)"
      #expect(
        try await !store.haltLog(
          of: ledger.team, origin: "tally.local/another", cause: .contradiction, signedSize: 99))
      #expect(try await !store.team(ledger.team).isHalted)
      #expect(try await store.logHalt(of: ledger.team) == nil)
      #expect(try await store.haltLog(of: ledger.team, origin: origin, cause: .contradiction, signedSize: 99))
      let size = try await store.logState(of: ledger.team).size
      let halt = LogHalt(team: ledger.team, origin: origin, cause: .contradiction, signedSize: 99, size: size)
      #expect(try await store.logHalt(of: ledger.team) == halt)
      #expect(try await store.logHalts() == [halt])
      let denied = await #expect(throws: StoreError.self) {
        try await store.hold(ledger.request(RecordID(bits: 0xEF)))
      }
      #expect(denied?.reason == .notAllowed(.teamHalted))
      #expect(try await store.logTips(of: [ledger.team]).map(\.isHalted) == [true])
      // The check says so, and what is to be done.
      let found = try await store.check(team: ledger.team).violations
      #expect(found.map(\.invariant) == [.logIsNotHalted])
      for word in ["99 lines of it had been signed", "there are \(size) now", "tally audit recover \(ledger.team)"] {
        #expect(found.first?.message.contains(word) == true, "\(found)")
      }
      // The new log has nothing of it.
      _ = try await store.recoverLog(of: ledger.team, known: nil, by: SmallLedger.administrator)
      #expect(try await store.logHalt(of: ledger.team) == nil)
      #expect(try await store.check().violations == [])
      #expect(
        try await store.haltLog(
          of: ledger.team, origin: store.logState(of: ledger.team).origin, cause: .brokenTree, signedSize: nil))
      #expect(try await store.logHalt(of: ledger.team)?.cause == .brokenTree)
    }
  }
}
