import Gateway
import Ledger
import LedgerStore
import Testing
import TransparencyLog

/// The signer as traces (docs/audit.md, the signer).
@Suite struct SignerMachineTests {
  private static let key = NoteSigningKey(newNamed: "tally.local")
  private static let own = InstanceID(bits: 0x1)
  private static let other = InstanceID(bits: 0x2)
  private static let stateID = SignerStateID(bits: 0x51)
  private static let team = TeamID(bits: 0xA)
  private static let origin = "tally.local/\(team)"
  private static let now = Fixtures.now

  private var machine: SignerMachine

  init() throws {
    machine = SignerMachine(
      SignerSettings(lease: .seconds(15)), keys: [try #require(Self.key).verifier], instance: Self.own)
  }

  private mutating func handle(_ event: SignerEvent, at seconds: Double = 0) -> [String] {
    machine.handle(event, now: .seconds(seconds), time: Self.now.adding(.seconds(seconds))).map(\.word)
  }

  private static func lease(
    _ state: SignerStateID = stateID, holder: InstanceID = own, term: Int64 = 4, hasEnded: Bool = true
  ) -> LeaseLook {
    LeaseLook(
      lease: SignerLease(
        state: state, holder: holder, term: term, leaseUntil: now.adding(seconds: hasEnded ? -1 : 9), now: now),
      hasHeads: true)
  }

  /// Comes to sign by a state file that says this.
  private mutating func begin(_ heads: [String: SignedSize] = [:]) {
    _ = handle(.tick)
    _ = handle(.fileRead(.found(SignerState(id: Self.stateID, heads: heads))))
    _ = handle(.leaseRead(Self.lease()))
    _ = handle(.leaseTaken(.taken(term: 5), sentAt: .zero))
  }

  /// A log of so many lines, the same ones for the same word.
  private static func log(_ count: Int, _ word: String = "line") -> (tip: LogTip, rows: TreeRows) {
    var peaks = Peaks()
    var rows = TreeRows()
    for index in 0..<count {
      let leaf = LeafHash.hash(Array("\(word) \(index)".utf8))
      try? rows.add(index: Int64(index), leaf: leaf, nodes: peaks.append(leaf).flatMap(\.bytes))
    }
    let state = LogState(origin: origin, size: Int64(count), peaks: peaks, lastAt: now)
    return (LogTip(team: team, log: state), rows)
  }

  private static func signed(_ count: Int, _ word: String = "line") -> SignedSize {
    SignedSize(size: Int64(count), root: log(count, word).tip.log.peaks.root)
  }

  /// A stored head of the log's first lines, signed by a key, some seconds ago.
  private static func head(_ count: Int, by key: NoteSigningKey? = key, age: Int64 = 0) throws -> LogHead {
    let signed = signed(count)
    let note = try Checkpoint(origin: origin, size: signed.size, root: signed.root).signed(by: try #require(key))
    return LogHead(
      team: team, origin: origin, size: signed.size, root: signed.root, note: note.bytes,
      signedAt: now.adding(seconds: -age))
  }

  // MARK: Coming to sign

  @Test mutating func theFirstSignerMakesAStateBeforeItTakesTheLease() {
    #expect(handle(.tick) == ["read file"])
    #expect(handle(.fileRead(.missing)) == ["read lease"])
    #expect(handle(.leaseRead(LeaseLook(lease: nil, hasHeads: false))) == ["make state"])
    #expect(handle(.stateMade(SignerState(id: Self.stateID))) == ["take lease after none"])
    #expect(handle(.leaseTaken(.taken(term: 1), sentAt: .zero)) == ["tell signing", "read requests"])
  }

  @Test(arguments: [Self.lease(), LeaseLook(lease: nil, hasHeads: true)])
  mutating func aLostStateFileIsToldAndNotMadeAnew(look: LeaseLook) {
    _ = handle(.tick)
    _ = handle(.fileRead(.missing))
    #expect(handle(.leaseRead(look)) == ["tell stateLost"])
    #expect(machine.term == nil)
  }

  @Test mutating func whoHasAnotherStateFileDoesNotSign() {
    _ = handle(.tick)
    _ = handle(.fileRead(.found(SignerState(id: SignerStateID(bits: 7)))))
    #expect(handle(.leaseRead(Self.lease())) == ["tell otherState"])
    // It looks again, and does not say it again.
    #expect(handle(.tick, at: 4) == [])
    #expect(handle(.tick, at: 5) == ["read file"])
    _ = handle(.fileRead(.found(SignerState(id: SignerStateID(bits: 7)))), at: 5)
    #expect(handle(.leaseRead(Self.lease()), at: 5) == [])
  }

  @Test mutating func aDamagedStateFileIsToldAndNothingIsSigned() {
    _ = handle(.tick)
    #expect(handle(.fileRead(.damaged("line 3 is damaged"))) == ["tell stateDamaged(\"line 3 is damaged\")"])
    #expect(machine.term == nil)
  }

  @Test mutating func aLeaseThatRunsIsWaitedFor() {
    _ = handle(.tick)
    _ = handle(.fileRead(.found(SignerState(id: Self.stateID))))
    #expect(handle(.leaseRead(Self.lease(holder: Self.other, hasEnded: false))) == ["tell anotherSigns"])
    _ = handle(.tick, at: 5)
    _ = handle(.fileRead(.found(SignerState(id: Self.stateID))), at: 5)
    #expect(handle(.leaseRead(Self.lease(holder: Self.other)), at: 5) == ["take lease after 4"])
  }

  @Test mutating func nothingIsSignedOnceTheLeaseHasRunOut() {
    begin()
    #expect(handle(.tick, at: 5) == ["renew lease 5"])
    _ = handle(.leaseRenewed(nil, sentAt: .seconds(5)), at: 5)
    _ = handle(.requestsRead([]), at: 5)
    let log = Self.log(3)
    #expect(handle(.tipsRead([log.tip]), at: 5) == ["read rows 1"])
    #expect(handle(.rowsRead([Self.team: log.rows]), at: 5) == ["note 3"])
    // The disk took its time.
    #expect(handle(.noted(true), at: 15) == [])
    #expect(handle(.tick, at: 16) == ["renew lease 5"])
    #expect(handle(.leaseRenewed(true, sentAt: .seconds(16)), at: 16) == ["read requests"])
    #expect(handle(.tick, at: 22) == ["renew lease 5"])
    _ = handle(.leaseRenewed(false, sentAt: .seconds(22)), at: 22)
    #expect(machine.term == nil)
  }

  // MARK: Signing

  @Test mutating func aHeadIsNotedBeforeItIsSigned() {
    begin()
    #expect(handle(.requestsRead([])) == ["read page after nobody"])
    let log = Self.log(3)
    #expect(handle(.tipsRead([log.tip])) == ["read rows 1"])
    #expect(handle(.rowsRead([Self.team: log.rows])) == ["note 3"])
    #expect(handle(.noted(true)) == ["sign 3 in 5"])
    #expect(handle(.stored(true)) == [])
  }

  @Test mutating func whoAsksIsAnsweredBeforeTheSweep() throws {
    begin([Self.origin: Self.signed(3)])
    let request = HeadRequest(team: Self.team, wantedSize: 5)
    #expect(handle(.requestsRead([request])) == ["read tips"])
    var log = Self.log(6)
    log.tip.head = try Self.head(3)
    #expect(handle(.tipsRead([log.tip])) == ["read rows 1"])
    #expect(handle(.rowsRead([Self.team: log.rows])) == ["note 6"])
    #expect(handle(.noted(true)) == ["sign 6 in 5"])
    #expect(handle(.stored(true)).first == "forget up to 6")
  }

  @Test mutating func anIdleLogIsSignedAgainWithoutReadingItsTree() throws {
    begin([Self.origin: Self.signed(3)])
    _ = handle(.requestsRead([]))
    var log = Self.log(3)
    log.tip.head = try Self.head(3, age: 479)
    #expect(handle(.tipsRead([log.tip])) == [])
    _ = handle(.tick, at: 60)
    _ = handle(.leaseRenewed(true, sentAt: .seconds(60)), at: 60)
    _ = handle(.requestsRead([]), at: 60)
    #expect(handle(.tipsRead([log.tip]), at: 60) == ["sign 3 in 5"])
  }

  @Test mutating func aLogThatGrewIsSignedWhenItsHeadIsAMinuteOld() throws {
    begin([Self.origin: Self.signed(3)])
    _ = handle(.requestsRead([]))
    var log = Self.log(4)
    log.tip.head = try Self.head(3, age: 59)
    #expect(handle(.tipsRead([log.tip])) == [])
    _ = handle(.tick, at: 60)
    _ = handle(.leaseRenewed(true, sentAt: .seconds(60)), at: 60)
    _ = handle(.requestsRead([]), at: 60)
    #expect(handle(.tipsRead([log.tip]), at: 60) == ["read rows 1"])
  }

  @Test mutating func aNewKeySignsWhatAnotherHasSigned() throws {
    begin([Self.origin: Self.signed(3)])
    _ = handle(.requestsRead([]))
    var log = Self.log(3)
    log.tip.head = try Self.head(3, by: NoteSigningKey(newNamed: "tally.local"))
    #expect(handle(.tipsRead([log.tip])) == ["sign 3 in 5"])
  }

  @Test mutating func theLastHeadsCoverEverythingAndTheLeaseIsEnded() throws {
    begin([Self.origin: Self.signed(3)])
    _ = handle(.requestsRead([]))
    _ = handle(.tipsRead([]))
    #expect(handle(.stop) == ["read page after nobody"])
    var log = Self.log(4)
    log.tip.head = try Self.head(3)
    #expect(handle(.tipsRead([log.tip])) == ["read rows 1"])
    #expect(handle(.rowsRead([Self.team: log.rows])) == ["note 4"])
    #expect(handle(.noted(true)) == ["sign 4 in 5"])
    #expect(handle(.stored(true)) == ["end lease 5", "ended"])
    #expect(machine.hasEnded)
  }

  @Test mutating func theEndDoesNotWaitForADatabaseThatIsAway() {
    begin()
    #expect(handle(.stop) == [])
    #expect(handle(.requestsRead(nil)) == ["ended"])
  }

  // MARK: What must not be signed

  @Test(arguments: [2, 3, 4, 8])
  mutating func aLogThatDoesNotExtendWhatWasSignedIsHalted(count: Int) throws {
    begin([Self.origin: Self.signed(3, "another line")])
    _ = handle(.requestsRead([]))
    let log = Self.log(count)
    var effects = handle(.tipsRead([log.tip]))
    if count > 3 {
      #expect(effects == ["read rows 1"])
      effects = handle(.rowsRead([Self.team: log.rows]))
    }
    #expect(effects.prefix(2) == ["halt behind 3", "tell contradiction"])
    #expect(!effects.contains { $0.hasPrefix("note") || $0.hasPrefix("sign") })
  }

  @Test mutating func aHaltedLogIsToldOfOnce() throws {
    begin([Self.origin: Self.signed(3)])
    _ = handle(.requestsRead([HeadRequest(team: Self.team, wantedSize: 2)]))
    var log = Self.log(2)
    #expect(handle(.tipsRead([log.tip])).prefix(3) == ["halt behind 3", "tell contradiction", "forget up to 2"])
    log.tip.isHalted = true
    #expect(handle(.tipsRead([log.tip])) == [])
  }

  /// A lost hold halts a log whose heads stay good; from now on they are not.
  @Test mutating func aContradictionTakesThePlaceOfAnEarlierCause() throws {
    begin([Self.origin: Self.signed(3)])
    _ = handle(.requestsRead([]))
    var log = Self.log(2)
    log.tip.isHalted = true
    #expect(handle(.tipsRead([log.tip])).prefix(2) == ["halt behind 3", "tell contradiction"])
    #expect(handle(.tipsRead([log.tip])) == [])
  }

  @Test mutating func rowsThatDoNotMakeTheRootHaltTheLog() {
    begin()
    _ = handle(.requestsRead([]))
    let log = Self.log(5)
    _ = handle(.tipsRead([log.tip]))
    #expect(
      handle(.rowsRead([Self.team: Self.log(5, "another line").rows])) == ["halt for brokenTree", "tell brokenTree"])
  }

  @Test mutating func anOldStateFileSignsNothingEverAgain() throws {
    begin([Self.origin: Self.signed(3)])
    _ = handle(.requestsRead([]))
    var log = Self.log(6)
    log.tip.head = try Self.head(5)
    #expect(handle(.tipsRead([log.tip])) == ["tell stateBehind(origin: \"\(Self.origin)\")"])
    #expect(machine.term == nil)
    #expect(handle(.tick, at: 5) == ["read file"])
    #expect(handle(.fileRead(.found(SignerState(id: Self.stateID, heads: [Self.origin: Self.signed(3)]))), at: 5) == [])
    #expect(handle(.tick, at: 10) == ["read file"])
    // Another file is another matter.
    let newer = SignerState(id: Self.stateID, heads: [Self.origin: Self.signed(5)])
    #expect(handle(.fileRead(.found(newer)), at: 10) == ["read lease"])
  }

  @Test mutating func aStrangersHeadStopsOnlyItsOwnLog() throws {
    begin([Self.origin: Self.signed(3)])
    _ = handle(.requestsRead([]))
    var log = Self.log(6)
    log.tip.head = try Self.head(5, by: NoteSigningKey(newNamed: "tally.local"))
    #expect(handle(.tipsRead([log.tip])) == ["tell foreignHead"])
    #expect(machine.term == 5)
  }

  @Test mutating func aLogOfAnotherNameIsNotSigned() {
    begin()
    _ = handle(.requestsRead([]))
    var log = Self.log(3)
    log.tip.log.origin = "tally.example/\(Self.team)"
    #expect(handle(.tipsRead([log.tip])) == ["tell foreignLog"])
  }
}

extension SignerEffect {
  /// The effect in words.
  fileprivate var word: String {
    switch self {
    case .readFile: "read file"
    case .readLease: "read lease"
    case .makeState: "make state"
    case .takeLease(_, let term, _): "take lease after \(term.map(String.init) ?? "none")"
    case .renewLease(let term, _): "renew lease \(term)"
    case .endLease(let term): "end lease \(term)"
    case .readRequests: "read requests"
    case .readTips: "read tips"
    case .readPage(let team, _): "read page after \(team.map { "\($0)" } ?? "nobody")"
    case .readRows(let rows): "read rows \(rows.count)"
    case .note(let heads): "note \(heads.map { "\($0.signed.size)" }.joined(separator: " "))"
    case .sign(let heads, let term):
      "sign \(heads.map { "\($0.head.signed.size)" }.joined(separator: " ")) in \(term)"
    case .forget(let requests): "forget up to \(requests.map { "\($0.wantedSize)" }.joined(separator: " "))"
    case .halt(_, _, .contradiction, let signed?): "halt behind \(signed)"
    case .halt(_, _, let cause, _): "halt for \(cause)"
    case .ended: "ended"
    case .tell(.contradiction): "tell contradiction"
    case .tell(.brokenTree): "tell brokenTree"
    case .tell(.foreignHead): "tell foreignHead"
    case .tell(.foreignLog): "tell foreignLog"
    case .tell(.signing): "tell signing"
    case .tell(let news): "tell \(news)"
    }
  }
}
