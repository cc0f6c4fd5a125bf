package import LedgerStore
package import Upstream

/// The way of one edit from its hold to its booking, as a pure machine: event in, effects out (docs/ledger.md).
///
///     ready ──▶ holding ──▶ submitted ──▶ booking ──▶ done
///                  │            │ ▲          │ ▲
///                  ▼            ▼ │          ▼ │
///                 done         asking     until committed
///
/// It has no clock, no connection and no files. What became of the edit is written into the journal before it is booked,
/// and struck out when the booking is committed, so whoever finds the journal can go on from any point in between.
package struct EditMachine: Sendable {
  /// What happened. `now` of `handle` is the gateway's monotonic time.
  package enum Event: Sendable {
    /// The edit passed all checks.
    case started
    /// The ledger answered the request for the hold.
    case holdAnswered(Result<HoldAnswer, StoreError>)
    /// The provider answered, or did not.
    case submitted(EditOutcome)
    /// A pause is over.
    case pauseOver
    /// The provider answered a question for an edit that it had taken.
    case asked(ResultOutcome)
    /// The ledger answered a booking.
    case booked(Result<BookingAnswer, StoreError>)
  }

  /// What is to be done, in this order. Each but the last of a list is done at once; the last one brings the next event.
  package enum Effect: Sendable {
    /// Ask the ledger for the hold. Brings `holdAnswered`.
    case hold
    /// Send the edit to the provider: only with a note of it on file, and only while the lease runs. Brings `submitted`.
    case submit
    /// Wait so long. Brings `pauseOver`.
    case pause(Duration)
    /// Ask the provider for an edit that it has taken. Brings `asked`.
    case ask(uuid: String)
    /// Write into the journal what is going to be booked. It survives the end of this process, not of the machine.
    case journal(Booking)
    /// Begin to book the provider's id of the edit. Nobody waits for it.
    case attach(AttachRequest)
    /// Book what became of the edit. Brings `booked`.
    case book(Booking, BookingPatience)
    /// Put what was written into the journal on the disk.
    case secure
    /// The booking is committed: the journal and the dispatch note need not keep the edit any longer.
    case forget
    /// Tell the client, who is told at most once.
    case answer(EditAnswer)
  }

  private enum Phase: Sendable {
    case ready
    case holding
    case submitted(HeldEdit)
    case asking(HeldEdit, uuid: String, asks: Int, giveUpAt: Duration)
    case booking(HeldEdit, EditVerdict, Booking, BookingPatience)
    case done
  }

  private let request: HoldRequest
  private let resultTimeout: Duration
  private let decide: @Sendable (EditOutcome) -> EditVerdict
  private var phase = Phase.ready

  /// The way of one edit.
  ///
  /// - Parameters:
  ///   - request: what it asks the ledger for.
  ///   - resultTimeout: how long a provider that has taken an edit is asked for it; then it is in doubt.
  ///   - decide: what follows from the provider's outcome.
  package init(
    _ request: HoldRequest, resultTimeout: Duration,
    decide: @escaping @Sendable (EditOutcome) -> EditVerdict = { EditVerdict($0) }
  ) {
    self.request = request
    self.resultTimeout = resultTimeout
    self.decide = decide
  }

  /// Whether nothing more will come of it.
  package var isDone: Bool {
    if case .done = phase { true } else { false }
  }

  /// Takes in what happened and says what is to be done.
  package mutating func handle(_ event: Event, now: Duration) -> [Effect] {
    switch (phase, event) {
    case (.ready, .started):
      phase = .holding
      return [.hold]
    case (.holding, .holdAnswered(let answer)):
      return take(answer)
    case (.submitted(let held), .submitted(.accepted(let uuid))):
      phase = .asking(held, uuid: uuid, asks: 0, giveUpAt: now + resultTimeout)
      let request = AttachRequest(team: request.team, record: held.record, upstreamUUID: uuid)
      return [.journal(.attach(request)), .attach(request), .pause(EditMachine.pause(asks: 0))]
    case (.submitted(let held), .submitted(let outcome)):
      return book(decide(outcome), of: held, upstreamUUID: nil)
    case (.asking(_, let uuid, _, _), .pauseOver):
      return [.ask(uuid: uuid)]
    case (.asking(let held, let uuid, let asks, let giveUpAt), .asked(let outcome)):
      guard let known = EditMachine.outcome(of: outcome) else {
        guard now < giveUpAt else { return book(decide(.accepted(uuid: uuid)), of: held, upstreamUUID: uuid) }
        phase = .asking(held, uuid: uuid, asks: asks + 1, giveUpAt: giveUpAt)
        return [.pause(EditMachine.pause(asks: asks + 1))]
      }
      return book(decide(known), of: held, upstreamUUID: uuid)
    case (.booking(let held, let verdict, let booking, let patience), .booked(let result)):
      return take(result, held, verdict, booking, patience)
    default:
      return []
    }
  }
}

// MARK: - From hold to done

extension EditMachine {
  private mutating func take(_ answer: Result<HoldAnswer, StoreError>) -> [Effect] {
    phase = .done
    switch answer {
    case .failure(let error): return [.answer(.notHeld(error))]
    case .success(.refused(let edit)): return [.answer(.refused(edit))]
    case .success(.repeated(let edit)): return [.answer(.repeated(edit))]
    case .success(.held(let edit)):
      phase = .submitted(edit)
      return request.isAsync ? [.answer(.processing(edit)), .submit] : [.submit]
    }
  }

  private mutating func book(_ verdict: EditVerdict, of held: HeldEdit, upstreamUUID: String?) -> [Effect] {
    let booking = verdict.booking(team: request.team, record: held.record, upstreamUUID: upstreamUUID)
    phase = .booking(held, verdict, booking, .prompt)
    return [.journal(booking), .book(booking, .prompt)]
  }

  private mutating func take(
    _ result: Result<BookingAnswer, StoreError>, _ held: HeldEdit, _ verdict: EditVerdict, _ booking: Booking,
    _ patience: BookingPatience
  ) -> [Effect] {
    let resolved: Result<ResolvedEdit, StoreError>
    switch result {
    case .success(.resolved(let edit)): resolved = .success(edit)
    case .success(.attached): return []
    case .failure(let error): resolved = .failure(error)
    }
    // The client hears the first result, whatever comes later; who asked for an answer at once has heard it.
    let answer = Effect.answer(verdict.answer(held, after: resolved))
    let answers = patience == .prompt && !request.isAsync ? [answer] : []
    guard case .failure(let error) = resolved else {
      phase = .done
      return answers + [.forget]
    }
    if patience == .prompt, case .unavailable = error.reason {
      phase = .booking(held, verdict, booking, .untilCommitted)
      return [.secure] + answers + [.book(booking, .untilCommitted)]
    }
    phase = .done
    if case .unknownHold = error.reason, case .release = booking { return answers + [.forget] }
    // The store is closing, or cannot take the booking: the journal keeps it for the next start and for the operator.
    return [.secure] + answers
  }

  /// What an answer to a question says of the edit; nil where it says nothing.
  private static func outcome(of answer: ResultOutcome) -> EditOutcome? {
    switch answer {
    case .done(let result): .done(result)
    case .failed(let refusal): .notDone(refusal)
    case .processing, .notFound, .refused, .unanswered: nil
    }
  }

  /// How long to wait before the next question: half a second, doubled each time, at most ten. Edits take from some
  /// seconds to a minute, and questions count against the provider's request limit.
  static func pause(asks: Int) -> Duration {
    min(.milliseconds(500 << min(asks, 8)), .seconds(10))
  }
}
