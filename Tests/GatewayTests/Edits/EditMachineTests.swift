import Gateway
import Ledger
import LedgerStore
import Testing
import Upstream

/// The way of one edit as traces: what happened, what is done.
@Suite struct EditMachineTests {
  private static let request = HoldRequest(
    team: Fixtures.team, record: Fixtures.record, member: Fixtures.member, key: Fixtures.keyID,
    model: "gpt-image-1-mini", quality: "medium", size: "1024x1024", n: 1, promptObject: "{}", userID: "user-12345")
  private static let timeout = Duration.seconds(300)
  private static let away = StoreError(.unavailable(mayBeHeld: false))

  private var machine = EditMachine(Self.request, resultTimeout: Self.timeout)

  private mutating func handle(_ event: EditMachine.Event, at seconds: Int = 0) -> [String] {
    machine.handle(event, now: .seconds(seconds)).map(\.word)
  }

  private mutating func submit() {
    _ = handle(.started)
    _ = handle(.holdAnswered(.success(.held(Fixtures.held))))
  }

  @Test mutating func doneEditIsJournaledBeforeItIsBookedAndAnsweredAfter() {
    #expect(handle(.started) == ["hold"])
    #expect(handle(.holdAnswered(.success(.held(Fixtures.held)))) == ["submit"])
    #expect(handle(.submitted(.done(Fixtures.result))) == ["journal settle", "book settle"])
    #expect(handle(.booked(.success(.resolved(Fixtures.resolved())))) == ["answer charged", "forget"])
    #expect(machine.isDone)
  }

  @Test mutating func withoutAHoldNothingIsSentAndNothingIsKept() {
    #expect(handle(.started) == ["hold"])
    #expect(handle(.holdAnswered(.failure(Self.away))) == ["answer not held"])
    #expect(machine.isDone)
    #expect(handle(.submitted(.done(Fixtures.result))) == [])
  }

  @Test mutating func aRepeatedEditIsAnsweredAndNothingIsSent() {
    #expect(handle(.started) == ["hold"])
    let repeated = RepeatedEdit(record: Fixtures.record, state: .settled)
    #expect(handle(.holdAnswered(.success(.repeated(repeated)))) == ["answer repeated"])
    #expect(machine.isDone)
  }

  @Test mutating func whoAskedForAnAnswerAtOnceIsAnsweredOnceAtTheHold() {
    var request = Self.request
    request.isAsync = true
    machine = EditMachine(request, resultTimeout: Self.timeout)
    #expect(handle(.started) == ["hold"])
    #expect(handle(.holdAnswered(.success(.held(Fixtures.held)))) == ["answer processing", "submit"])
    #expect(handle(.submitted(.done(Fixtures.result))) == ["journal settle", "book settle"])
    #expect(handle(.booked(.success(.resolved(Fixtures.resolved())))) == ["forget"])
    #expect(machine.isDone)
  }

  @Test mutating func bookingWithoutADatabaseIsSecuredAndTriedUntilItIsCommitted() {
    submit()
    #expect(handle(.submitted(.done(Fixtures.result))) == ["journal settle", "book settle"])
    #expect(handle(.booked(.failure(Self.away))) == ["secure", "answer failed", "book settle until committed"])
    #expect(!machine.isDone)
    #expect(handle(.booked(.success(.resolved(Fixtures.resolved())))) == ["forget"])
    #expect(machine.isDone)
  }

  @Test mutating func bookingThatAClosingStoreLeavesStaysInTheJournal() {
    submit()
    _ = handle(.submitted(.done(Fixtures.result)))
    _ = handle(.booked(.failure(Self.away)))
    #expect(handle(.booked(.failure(Self.away))) == ["secure"])
    #expect(machine.isDone)
  }

  @Test mutating func chargeWhoseHoldIsLostStaysInTheJournal() {
    submit()
    _ = handle(.submitted(.done(Fixtures.result)))
    let lost = StoreError(.unknownHold(Fixtures.record))
    #expect(handle(.booked(.failure(lost))) == ["secure", "answer failed"])
  }

  @Test mutating func releaseWhoseHoldIsLostHasNothingToTell() {
    submit()
    _ = handle(.submitted(.notDone(.init(cause: .notSent(.dns)))))
    #expect(handle(.booked(.failure(StoreError(.unknownHold(Fixtures.record))))) == ["answer failed", "forget"])
  }

  @Test mutating func acceptedEditIsAttachedAndAskedForUntilItIsKnown() {
    submit()
    #expect(handle(.submitted(.accepted(uuid: "u"))) == ["journal attach", "attach u", "pause 0.5 seconds"])
    #expect(handle(.pauseOver) == ["ask u"])
    #expect(handle(.asked(.processing)) == ["pause 1.0 seconds"])
    #expect(handle(.pauseOver) == ["ask u"])
    #expect(handle(.asked(.notFound)) == ["pause 2.0 seconds"])
    #expect(handle(.pauseOver) == ["ask u"])
    #expect(handle(.asked(.done(Fixtures.result))) == ["journal settle", "book settle"])
  }

  @Test mutating func acceptedEditThatFailsIsReleased() {
    submit()
    _ = handle(.submitted(.accepted(uuid: "u")))
    _ = handle(.pauseOver)
    let refusal = Upstream.Refusal(cause: .refused, httpStatus: 200)
    #expect(handle(.asked(.failed(refusal))) == ["journal release", "book release"])
  }

  @Test mutating func acceptedEditWithoutAResultInTimeIsInDoubtUnderItsID() {
    submit()
    _ = handle(.submitted(.accepted(uuid: "u")))
    _ = handle(.pauseOver)
    #expect(handle(.asked(.processing), at: 300) == ["journal doubt u", "book doubt u"])
  }

  @Test mutating func questionsBackOffToTenSeconds() {
    submit()
    _ = handle(.submitted(.accepted(uuid: "u")))
    var last: [String] = []
    for _ in 0..<10 {
      _ = handle(.pauseOver)
      last = handle(.asked(.processing))
    }
    #expect(last == ["pause 10.0 seconds"])
  }
}

extension EditMachine.Effect {
  /// The effect in few words, so that a test reads as a trace.
  fileprivate var word: String {
    switch self {
    case .hold: "hold"
    case .submit: "submit"
    case .pause(let duration): "pause \(duration)"
    case .ask(let uuid): "ask \(uuid)"
    case .journal(let booking): "journal \(booking.word)"
    case .attach(let request): "attach \(request.upstreamUUID)"
    case .book(let booking, .prompt): "book \(booking.word)"
    case .book(let booking, .untilCommitted): "book \(booking.word) until committed"
    case .secure: "secure"
    case .forget: "forget"
    case .answer(.charged): "answer charged"
    case .answer(.failed): "answer failed"
    case .answer(.refused): "answer refused"
    case .answer(.repeated): "answer repeated"
    case .answer(.processing): "answer processing"
    case .answer(.notHeld): "answer not held"
    }
  }
}

extension Booking {
  fileprivate var word: String {
    switch self {
    case .settle: "settle"
    case .release: "release"
    case .doubt(let request): request.upstreamUUID.map { "doubt \($0)" } ?? "doubt"
    case .attach: "attach"
    }
  }
}
