package import Ledger
import LedgerStore
package import TransparencyLog

/// The signer as a pure machine: event in, effects out (docs/audit.md, the signer).
///
///     resting ──▶ read state file ──▶ look at the lease ──▶ (make the first file) ──▶ take the lease ──▶ signing
///        ▲                                                                                                │
///        └────────────────── whatever keeps it from signing; it tells the operator, and tries again ──────┘
///
///     signing:  read logs ──▶ read rows of their trees ──▶ note heads in the state file ──▶ sign and store ──▶ …
///
/// A head is noted, on the disk, before it is signed, and only where it extends what was noted before. So whatever is
/// lost at whatever moment, two heads of one log never contradict each other.
package struct SignerMachine: Sendable {
  enum Phase: Sendable, Hashable {
    /// It may not sign, and looks again then.
    case resting(until: Duration)
    case readingFile
    case looking
    case makingState
    case taking
    case signing(term: Int64)
    case ended
  }

  let settings: SignerSettings
  /// The public halves of the keys that sign: heads by them are our own.
  let keys: [NoteVerifierKey]
  /// This run of the gateway.
  let instance: InstanceID

  var phase = Phase.resting(until: .zero)
  /// What the state file says; nil where there is none.
  var state: SignerState?
  /// A state that turned out to be behind: nothing is signed by it, ever.
  var behind: SignerState?
  private var leaseUntil = Duration.zero
  private var renewDue = Duration.zero
  private var isRenewing = false
  /// What keeps it from signing was told; not again each time that it looks.
  private var lastNews: SignerNews?
  /// What is wrong with single logs was told.
  var told: Set<SignerNews> = []

  // The work of a signer that signs; see SignerMachine+Signing.
  var work = Work.idle
  var pausedUntil = Duration.zero
  var requestsDue = Duration.zero
  var sweep = Sweep()
  /// Until when the last heads may be signed; nil before the end.
  var stopBy: Duration?

  /// A signer that has not begun.
  package init(_ settings: SignerSettings, keys: [NoteVerifierKey], instance: InstanceID) {
    self.settings = settings
    self.keys = keys
    self.instance = instance
  }

  /// Takes in what happened and says what is to be done. `now` is the gateway's monotonic time, `time` the time of day.
  package mutating func handle(_ event: SignerEvent, now: Duration, time: Timestamp) -> [SignerEffect] {
    switch event {
    case .tick: return tick(now, time)
    case .fileRead(let file): return fileRead(file, now)
    case .leaseRead(let look): return leaseRead(look, now)
    case .stateMade(let state): return stateMade(state, now)
    case .leaseTaken(let answer, let sentAt): return leaseTaken(answer, sentAt, now)
    case .leaseRenewed(let isOurs, let sentAt): return leaseRenewed(isOurs, sentAt, now)
    case .requestsRead(let requests): return requestsRead(requests, now)
    case .tipsRead(let tips): return tipsRead(tips, now, time)
    case .rowsRead(let rows): return rowsRead(rows, now)
    case .noted(let isDone): return noted(isDone, now)
    case .stored(let isStored): return stored(isStored, now)
    case .stop: return stop(now)
    }
  }

  /// The term in which it signs; nil while it does not.
  package var term: Int64? {
    if case .signing(let term) = phase { return term }
    return nil
  }

  /// Whether it has ended, and does nothing any more.
  package var hasEnded: Bool { phase == .ended }

  /// Whether it may sign at that moment.
  func mayStillSign(_ now: Duration) -> Bool { term != nil && now < leaseUntil }

  private mutating func tick(_ now: Duration, _ time: Timestamp) -> [SignerEffect] {
    switch phase {
    case .resting(let until):
      // A question about heads that is still open may be the one that writes to the file.
      guard until <= now, work.isIdle, !isRenewing else { return [] }
      phase = .readingFile
      return [.readFile]
    case .signing(let term):
      var effects: [SignerEffect] = []
      if renewDue <= now, !isRenewing {
        isRenewing = true
        effects.append(.renewLease(term: term, sentAt: now))
      }
      return effects + next(now)
    case .readingFile, .looking, .makingState, .taking, .ended: return []
    }
  }
}

// MARK: - Coming to sign

extension SignerMachine {
  private mutating func fileRead(_ file: SignerFile, _ now: Duration) -> [SignerEffect] {
    guard phase == .readingFile else { return [] }
    switch file {
    case .missing: state = nil
    case .damaged(let sentence): return rest(now, settings.retryInterval, .stateDamaged(sentence))
    case .found(let found):
      state = found
      if found == behind { return rest(now, settings.retryInterval, nil) }
    }
    phase = .looking
    return [.readLease]
  }

  private mutating func leaseRead(_ look: LeaseLook?, _ now: Duration) -> [SignerEffect] {
    guard phase == .looking else { return [] }
    guard let look else { return rest(now, settings.pause, nil) }
    guard let state else {
      if let lease = look.lease {
        return rest(now, settings.retryInterval, lease.hasEnded ? .stateLost : .anotherSigns)
      }
      // Signed heads without a lease were left by a database that was put together from parts.
      guard !look.hasHeads else { return rest(now, settings.retryInterval, .stateLost) }
      phase = .makingState
      return [.makeState]
    }
    guard let lease = look.lease else { return take(state, after: nil, now) }
    guard lease.state == state.id else {
      return rest(now, settings.retryInterval, lease.hasEnded ? .otherState : .anotherSigns)
    }
    guard lease.hasEnded || lease.holder == instance else { return rest(now, settings.retryInterval, .anotherSigns) }
    return take(state, after: lease.term, now)
  }

  private mutating func stateMade(_ made: SignerState?, _ now: Duration) -> [SignerEffect] {
    guard phase == .makingState else { return [] }
    guard let made else { return rest(now, settings.retryInterval, .stateNotWritten) }
    state = made
    return take(made, after: nil, now)
  }

  private mutating func take(_ state: SignerState, after term: Int64?, _ now: Duration) -> [SignerEffect] {
    phase = .taking
    return [.takeLease(state.id, after: term, sentAt: now)]
  }

  private mutating func leaseTaken(
    _ answer: LeaseAnswer?, _ sentAt: Duration, _ now: Duration
  ) -> [SignerEffect] {
    guard phase == .taking else { return [] }
    guard case .taken(let term) = answer else { return rest(now, settings.pause, nil) }
    phase = .signing(term: term)
    leaseUntil = sentAt + settings.lease
    renewDue = sentAt + settings.renewInterval
    requestsDue = now
    pausedUntil = now
    sweep = Sweep(due: now, number: sweep.number + 1)
    let news = SignerNews.signing(term: term)
    lastNews = news
    return [.tell(news)] + next(now)
  }

  private mutating func leaseRenewed(
    _ isOurs: Bool?, _ sentAt: Duration, _ now: Duration
  ) -> [SignerEffect] {
    isRenewing = false
    guard term != nil else { return [] }
    switch isOurs {
    case true:
      leaseUntil = max(leaseUntil, sentAt + settings.lease)
      renewDue = sentAt + settings.renewInterval
      return next(now)
    case false: return rest(now, settings.pause, nil)
    case nil:
      renewDue = now + min(settings.pause, settings.renewInterval)
      return []
    }
  }

  /// Does not sign until it has begun anew, after `pause`. The news is told once.
  mutating func rest(_ now: Duration, _ pause: Duration, _ news: SignerNews?) -> [SignerEffect] {
    phase = stopBy == nil ? .resting(until: now + pause) : .ended
    let end: [SignerEffect] = stopBy == nil ? [] : [.ended]
    guard let news, news != lastNews else { return end }
    lastNews = news
    return [.tell(news)] + end
  }
}
