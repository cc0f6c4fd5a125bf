import Ledger
import LedgerStore
import TransparencyLog

/// The work of a signer that signs: one question about heads at a time.
extension SignerMachine {
  /// What was asked for and not answered yet.
  enum Work: Sendable {
    case idle
    case requests
    case tips([HeadRequest])
    case page(Sweep)
    case rows(SignerBatch)
    case noting(SignerBatch)
    case storing(SignerBatch)

    var isIdle: Bool {
      if case .idle = self { return true }
      return false
    }
  }

  /// The look over all logs, page by page in the order of their teams' ids.
  struct Sweep: Sendable {
    /// When the next one begins.
    var due = Duration.zero
    /// The last team of the page before; nil between two of them.
    var after: TeamID?
    /// Counts them, so that the page of one that was given up is not taken for the next one's.
    var number = 0
    /// Heads that lack a signature of today's keys are signed again by the first one.
    var isFirst = true
  }

  /// The next question, where none is open. Requests come first.
  mutating func next(_ now: Duration) -> [SignerEffect] {
    guard case .signing(let term) = phase, work.isIdle else { return [] }
    if let stopBy, stopBy <= now || (sweep.after == nil && sweep.due > now) {
      phase = .ended
      return [.endLease(term: term), .ended]
    }
    guard mayStillSign(now), pausedUntil <= now else { return [] }
    if requestsDue <= now {
      requestsDue = now + settings.requestInterval
      work = .requests
      return [.readRequests(limit: settings.batchSize)]
    }
    guard sweep.after != nil || sweep.due <= now else { return [] }
    if sweep.after == nil { sweep.due = now + settings.sweepInterval }
    work = .page(sweep)
    return [.readPage(after: sweep.after, limit: settings.batchSize)]
  }

  /// The last heads: of all logs that grew, whatever their heads' age.
  mutating func stop(_ now: Duration) -> [SignerEffect] {
    guard stopBy == nil else { return [] }
    stopBy = now + settings.lastHeadsWithin
    guard term != nil else {
      phase = .ended
      return [.ended]
    }
    sweep = Sweep(due: now, number: sweep.number + 1, isFirst: false)
    return next(now)
  }

  /// The answer to the open question is there, or there will be none that counts.
  private mutating func takeWork() -> Work {
    defer { work = .idle }
    return work
  }

  /// Waits a moment after a failure; at the end there is no time for it.
  private mutating func pause(_ now: Duration) -> [SignerEffect] {
    guard stopBy == nil else { return rest(now, settings.pause, nil) }
    pausedUntil = now + settings.pause
    return []
  }

  mutating func requestsRead(_ requests: [HeadRequest]?, _ now: Duration) -> [SignerEffect] {
    _ = takeWork()
    guard term != nil else { return [] }
    guard let requests else { return pause(now) }
    guard !requests.isEmpty else { return next(now) }
    if requests.count >= settings.batchSize { requestsDue = now }
    work = .tips(requests)
    return [.readTips(requests.map(\.team))]
  }

  mutating func tipsRead(_ tips: [LogTip]?, _ now: Duration, _ time: Timestamp) -> [SignerEffect] {
    let asked = takeWork()
    guard let term, let state else { return [] }
    guard let tips else { return pause(now) }
    var requests: [HeadRequest] = []
    var isFirst = false
    if case .tips(let waiting) = asked { requests = waiting }
    if case .page(let page) = asked {
      isFirst = page.isFirst
      if page.number == sweep.number {
        sweep.after = tips.count < settings.batchSize ? nil : tips.last?.team
        if sweep.after == nil { sweep.isFirst = false }
      }
    }
    let wanted = Set(requests.map(\.team))
    let due = tips.filter { tip in
      isOutOfStep(tip, state) || (wanted.contains(tip.team) ? Self.hasGrown(tip) : isDue(tip, time, isFirst: isFirst))
    }
    return go(
      on: SignerBatch(term: term, tips: due, requests: requests, signed: state.heads, keys: keys), now)
  }

  mutating func rowsRead(_ rows: [TeamID: TreeRows]?, _ now: Duration) -> [SignerEffect] {
    guard case .rows(var batch) = takeWork(), batch.term == term else { return [] }
    guard let rows else { return pause(now) }
    batch.take(rows)
    return go(on: batch, now)
  }

  mutating func noted(_ isDone: Bool, _ now: Duration) -> [SignerEffect] {
    guard case .noting(let batch) = takeWork(), batch.term == term else { return [] }
    // What stands in the file now is read anew.
    guard isDone else { return rest(now, settings.retryInterval, .stateNotWritten) }
    for head in batch.unnoted { state?.heads[head.origin] = head.signed }
    return sign(batch, now)
  }

  mutating func stored(_ isStored: Bool?, _ now: Duration) -> [SignerEffect] {
    guard case .storing(let batch) = takeWork(), batch.term == term else { return [] }
    guard let isStored else { return pause(now) }
    guard isStored else { return rest(now, settings.pause, nil) }
    return finish(batch, now)
  }
}

// MARK: - A batch

extension SignerMachine {
  private mutating func go(on batch: SignerBatch, _ now: Duration) -> [SignerEffect] {
    if let fault = batch.faults.first(where: { $0.fault == .stateBehind }) {
      behind = state
      return rest(now, settings.retryInterval, .stateBehind(origin: fault.tip.log.origin))
    }
    let rows = batch.neededRows
    guard rows.isEmpty else {
      work = .rows(batch)
      return [.readRows(rows)]
    }
    let effects = batch.faults.flatMap { report($0.fault, of: $0.tip) }
    guard batch.unnoted.isEmpty else {
      work = .noting(batch)
      return effects + [.note(batch.unnoted)]
    }
    return effects + sign(batch, now)
  }

  private mutating func sign(_ batch: SignerBatch, _ now: Duration) -> [SignerEffect] {
    guard !batch.heads.isEmpty else { return finish(batch, now) }
    guard mayStillSign(now) else { return [] }
    work = .storing(batch)
    return [.sign(batch.heads, term: batch.term)]
  }

  /// Nobody needs to wait any longer: the head is there, or there will be none.
  private mutating func finish(_ batch: SignerBatch, _ now: Duration) -> [SignerEffect] {
    let sizes = Dictionary(batch.heads.map { ($0.team, $0.head.signed.size) }, uniquingKeysWith: max)
    let answered = batch.requests.map { request in
      HeadRequest(team: request.team, wantedSize: max(request.wantedSize, sizes[request.team] ?? 0))
    }
    return (answered.isEmpty ? [] : [.forget(answered)]) + next(now)
  }

  private mutating func report(_ fault: SignerBatch.Fault, of tip: LogTip) -> [SignerEffect] {
    let origin = tip.log.origin
    let news: SignerNews
    var halt: SignerEffect?
    switch fault {
    case .stateBehind: news = .stateBehind(origin: origin)
    case .contradiction(let signed):
      news = .contradiction(tip.team, origin: origin, signed: signed, found: tip.log.size)
      halt = .halt(tip.team, origin: origin, .contradiction, signedSize: signed)
    case .brokenTree:
      news = .brokenTree(tip.team, origin: origin)
      halt = .halt(tip.team, origin: origin, .brokenTree, signedSize: nil)
    case .foreignHead: news = .foreignHead(tip.team, origin: origin)
    case .foreignLog: news = .foreignLog(tip.team, origin: origin)
    }
    let isNew = told.insert(news).inserted
    var effects: [SignerEffect] = []
    // One that is halted already may be so for another cause, which a contradiction takes the place of.
    if let halt, isNew || !tip.isHalted { effects.append(halt) }
    if isNew { effects.append(.tell(news)) }
    return effects
  }

  private static func hasGrown(_ tip: LogTip) -> Bool {
    guard let head = tip.head else { return true }
    return head.size != tip.log.size
  }

  /// Whether state file, stored head and log cannot be as they are in good order: a head reaches further than what was
  /// noted, or was noted and not stored; or the log does not reach that far, or is another one.
  private func isOutOfStep(_ tip: LogTip, _ state: SignerState) -> Bool {
    guard let known = state.heads[tip.log.origin] else { return tip.head != nil }
    return known.size != tip.head?.size || known.size > tip.log.size
      || (known.size == tip.log.size && known.root != tip.log.peaks.root)
  }

  private func isDue(_ tip: LogTip, _ time: Timestamp, isFirst: Bool) -> Bool {
    guard let head = tip.head else { return true }
    if isFirst, !isByTodaysKeys(head) { return true }
    let age = Duration.microseconds(time.microseconds - head.signedAt.microseconds)
    // A head from a future that was not: the clock went back.
    if age < .zero - settings.growthAfter { return true }
    if Self.hasGrown(tip) { return stopBy != nil || age >= settings.growthAfter }
    return stopBy == nil && age >= settings.refreshAfter
  }

  private func isByTodaysKeys(_ head: LogHead) -> Bool {
    guard let note = try? SignedNote(bytes: head.note) else { return false }
    return keys.allSatisfy { key in note.signatures.contains { $0.keyID == key.id } }
  }
}
