import Gateway
import Ledger
import LedgerStore
import Testing
import Upstream

/// Recovery as traces (docs/ledger.md, "In doubt" and "Dispatch note").
@Suite struct RecoveryMachineTests {
  private static let dead = InstanceID(bits: 0xDEAD)
  private static let other = InstanceID(bits: 0x0777)
  private static let settings = RecoverySettings(lease: .seconds(15), heldAtMost: .seconds(360))
  private static let committed = Result<BookingAnswer, StoreError>.success(.resolved(Fixtures.resolved(.released)))

  private var machine = RecoveryMachine(Self.settings)

  private static func edit(
    _ record: UInt128, of instance: InstanceID = other, age: Int64 = 20, isOwnerAtWork: Bool = true
  ) -> OpenEdit {
    OpenEdit(
      team: Fixtures.team, record: RecordID(bits: record), instance: instance,
      createdAt: Fixtures.now.adding(seconds: -age), held: Credits(33_000), isOwnerAtWork: isOwnerAtWork)
  }

  private static func doubt(
    _ record: UInt128 = 1, state: EditState = .inDoubt, isProven: Bool = false, age: Int64 = 60, uuid: String? = "u",
    asks: Int = 0, chargeAfter: Int64? = 86_400
  ) -> Doubt {
    Doubt(
      team: Fixtures.team, record: RecordID(bits: record), instance: dead, state: state, isProven: isProven,
      inDoubtAt: Fixtures.now.adding(seconds: -age), upstreamUUID: uuid, asks: asks, chargeAfterSeconds: chargeAfter)
  }

  private mutating func handle(_ event: RecoveryEvent, at seconds: Int = 0) -> [String] {
    machine.handle(event, now: .seconds(seconds)).map(\.word)
  }

  /// Begins and finds `edits` at the first look.
  private mutating func begin(_ leftovers: Leftovers = Leftovers(), finding edits: [OpenEdit] = []) -> [String] {
    _ = handle(.began(leftovers))
    _ = handle(.tick)
    return handle(.foundAll(HeldEdits(edits: edits, now: Fixtures.now)))
  }

  private static func notes(_ noted: Set<RecordID>?) -> Leftovers {
    var leftovers = Leftovers()
    leftovers.notes = [FoundNotes(instance: dead, noted: noted)]
    return leftovers
  }

  @Test mutating func journalsAreBookedBeforeAnythingIsLookedFor() {
    var leftovers = Leftovers()
    let release = ReleaseRequest(team: Fixtures.team, record: Fixtures.record, cause: .notSent)
    leftovers.journals = [FoundJournal(name: "j", entries: [.release(release)], unreadable: 1)]
    #expect(handle(.began(leftovers)) == ["alert", "book release for journal"])
    #expect(handle(.tick) == [])
    let booking = RecoveryBooking(.release(release), .journal("j"))
    #expect(handle(.booked(booking, Self.committed)) == ["remove journal j"])
    #expect(handle(.tick) == ["find all"])
  }

  @Test mutating func journalThatIsRefusedStaysAndIsToldToTheOperator() {
    var leftovers = Leftovers()
    let settle = SettleRequest(
      team: Fixtures.team, record: Fixtures.record, upstreamUUID: nil, resultKeys: ["a"], temporaryURL: nil)
    leftovers.journals = [FoundJournal(name: "j", entries: [.settle(settle)], unreadable: 0)]
    _ = handle(.began(leftovers))
    let booking = RecoveryBooking(.settle(settle), .journal("j"))
    #expect(handle(.booked(booking, .failure(StoreError(.unknownHold(Fixtures.record))))) == ["alert"])
    #expect(handle(.tick) == ["find all"])
  }

  @Test mutating func notesReleaseWhatWasNeverSentAndDoubtTheRest() {
    let found = begin(
      Self.notes([RecordID(bits: 2)]), finding: [Self.edit(1, of: Self.dead), Self.edit(2, of: Self.dead)])
    #expect(found == ["book release for notes", "book doubt for notes", "find doubts"])
  }

  @Test mutating func notesThatTellNothingReleaseNothing() {
    let found = begin(Self.notes(nil), finding: [Self.edit(1, of: Self.dead)])
    #expect(found == ["book doubt for notes", "find doubts"])
  }

  @Test mutating func notesReleaseAlsoWhatAnotherGatewayPutInDoubt() {
    _ = begin(Self.notes([RecordID(bits: 2)]))
    let doubts = DueDoubts(doubts: [Self.doubt(1), Self.doubt(2)], now: Fixtures.now)
    #expect(handle(.foundDoubts(of: Self.dead, doubts)) == ["book release for notes"])
  }

  @Test mutating func notesAreRemovedOnlyAfterLateCommitsWereLookedFor() {
    _ = begin(Self.notes([]), finding: [Self.edit(1, of: Self.dead)])
    _ = handle(.foundDoubts(of: Self.dead, DueDoubts(doubts: [], now: Fixtures.now)))
    let release = ReleaseRequest(team: Fixtures.team, record: RecordID(bits: 1), cause: .notSent)
    let booking = RecoveryBooking(.release(release), .notes(of: Self.dead))
    #expect(handle(.booked(booking, Self.committed)) == [])
    // A hold that was being committed when the gateway ended appears now.
    let late = HeldEdits(edits: [Self.edit(3, of: Self.dead)], now: Fixtures.now, upTo: Fixtures.now)
    #expect(handle(.swept(late)) == ["book release for notes"])
    var lateRelease = release
    lateRelease.record = RecordID(bits: 3)
    #expect(
      handle(.booked(RecoveryBooking(.release(lateRelease), .notes(of: Self.dead)), Self.committed))
        == ["remove notes"])
    #expect(machine.isThroughWithEarlierRuns)
  }

  @Test mutating func notesStayWhereABookingFailed() {
    _ = begin(Self.notes([]), finding: [Self.edit(1, of: Self.dead)])
    _ = handle(.foundDoubts(of: Self.dead, DueDoubts(doubts: [], now: Fixtures.now)))
    let release = ReleaseRequest(team: Fixtures.team, record: RecordID(bits: 1), cause: .notSent)
    let failure = Result<BookingAnswer, StoreError>.failure(StoreError(.unavailable(mayBeHeld: false)))
    _ = handle(.booked(RecoveryBooking(.release(release), .notes(of: Self.dead)), failure))
    #expect(handle(.swept(HeldEdits(edits: [], now: Fixtures.now, upTo: Fixtures.now))) == [])
  }

  @Test mutating func holdsOfAnEndedLeaseAreInDoubtAndRunningOnesAreLeft() {
    let found = begin(finding: [Self.edit(1, isOwnerAtWork: false), Self.edit(2)])
    #expect(found == ["book doubt for abandoned"])
    #expect(handle(.swept(HeldEdits(edits: [], now: Fixtures.now, upTo: Fixtures.now))) == ["look 1"])
  }

  @Test mutating func holdThatIsTooOldIsInDoubtThoughItsOwnerIsAtWork() {
    #expect(begin(finding: [Self.edit(1, age: 361)]) == ["book doubt for abandoned"])
  }

  @Test mutating func watchedEditIsInDoubtWhenItsOwnerEnds() {
    _ = begin(finding: [Self.edit(1)])
    _ = handle(.swept(HeldEdits(edits: [], now: Fixtures.now, upTo: Fixtures.now)))
    let later = HeldEdits(edits: [Self.edit(1, isOwnerAtWork: false)], now: Fixtures.now)
    #expect(handle(.looked(later)) == ["book doubt for abandoned"])
  }

  @Test mutating func leaseIsExtendedFromTheMomentTheRequestLeft() {
    _ = handle(.began(Leftovers()))
    #expect(handle(.tick, at: 4) == ["renew", "find all"])
    #expect(handle(.tick, at: 5) == [])
    #expect(handle(.renewed(true, sentAt: .seconds(4)), at: 6) == ["lease until 19.0 seconds"])
    #expect(handle(.tick, at: 7) == [])
    #expect(handle(.tick, at: 8) == ["renew"])
    #expect(handle(.renewed(nil, sentAt: .seconds(8)), at: 8) == [])
    #expect(handle(.tick, at: 9) == ["renew"])
    #expect(handle(.renewed(false, sentAt: .seconds(9)), at: 9) == ["alert"])
  }

  @Test(arguments: [
    (doubt(isProven: true), DoubtStep.forget), (doubt(), .ask), (doubt(uuid: nil), .wait),
    (doubt(age: 86_400), .charge), (doubt(age: 86_400, uuid: nil), .charge),
    (doubt(age: 86_400, chargeAfter: nil), .ask), (doubt(age: 8 * 86_400, chargeAfter: nil), .wait),
    (doubt(state: .settled, age: 86_400), .ask), (doubt(state: .released, age: 60, uuid: nil), .forget),
    (doubt(state: .settled, age: 8 * 86_400), .forget),
  ])
  func doubtHasItsStep(doubt: Doubt, step: DoubtStep) {
    #expect(RecoveryMachine.step(of: doubt, now: Fixtures.now, askFor: .seconds(7 * 86_400)) == step)
  }

  @Test func doubtIsDueAgainWhenThePolicyChargesItAtTheLatest() {
    let doubt = Self.doubt(age: 86_390, uuid: nil)
    #expect(
      RecoveryMachine.dueAgain(doubt, .wait, now: Fixtures.now) == Fixtures.now.adding(seconds: 10))
    // The policy may change meanwhile.
    let early = Self.doubt(age: 60, uuid: nil)
    #expect(RecoveryMachine.dueAgain(early, .wait, now: Fixtures.now) == Fixtures.now.adding(seconds: 300))
    let asked = Self.doubt(age: 60, asks: 20)
    #expect(RecoveryMachine.dueAgain(asked, .ask, now: Fixtures.now) == Fixtures.now.adding(seconds: 3_600))
  }

  @Test mutating func onlyWhoClaimsADoubtAsksForIt() {
    _ = begin()
    #expect(handle(.foundDue(DueDoubts(doubts: [Self.doubt()], now: Fixtures.now))) == ["claim ask"])
    #expect(handle(.claimed(Self.doubt(), for: .ask, false)) == [])
    #expect(handle(.claimed(Self.doubt(), for: .ask, true)) == ["ask"])
    #expect(handle(.asked(Self.doubt(), .processing)) == [])
    #expect(handle(.asked(Self.doubt(), .done(Fixtures.result))) == ["book settle for upstream"])
    #expect(
      handle(.asked(Self.doubt(), .failed(.init(cause: .refused, httpStatus: 200)))) == ["book release for upstream"])
    #expect(handle(.claimed(Self.doubt(), for: .charge, true)) == ["book settle for policy"])
  }
}

extension RecoveryEffect {
  /// The effect in few words, so that a test reads as a trace.
  fileprivate var word: String {
    switch self {
    case .renew: "renew"
    case .extendLease(let moment): "lease until \(moment)"
    case .findAll: "find all"
    case .sweep: "sweep"
    case .look(let names): "look \(names.count)"
    case .findDoubts: "find doubts"
    case .findDue: "find due"
    case .claim(_, let step, _): "claim \(step)"
    case .ask: "ask"
    case .forget: "forget"
    case .book(let booking): "book \(booking.booking.kind) for \(booking.reason.kind)"
    case .removeNotes: "remove notes"
    case .removeJournal(let name): "remove journal \(name)"
    case .prune: "prune"
    case .alert: "alert"
    }
  }
}

extension Booking {
  fileprivate var kind: String {
    switch self {
    case .settle: "settle"
    case .release: "release"
    case .doubt: "doubt"
    case .attach: "attach"
    }
  }
}

extension RecoveryBooking.Reason {
  fileprivate var kind: String {
    switch self {
    case .journal: "journal"
    case .notes: "notes"
    case .abandoned: "abandoned"
    case .upstream: "upstream"
    case .policy: "policy"
    }
  }
}
