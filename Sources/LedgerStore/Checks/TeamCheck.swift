import Ledger
import TransparencyLog

/// Lines of a log with the rows that they tell of.
struct CheckWindow: Sendable {
  /// The lines, by index.
  var lines: [CheckedLine]
  /// Records whose holds stand in the same range.
  var opened: [CheckedRecord]
  /// Records from before that the lines resolve, doubt or credit, or of which they tell the truth late.
  var touched: [CheckedRecord]
  /// Lines from before that opened and resolved records which the lines credit or prove.
  var earlier: [CheckedLine]
  /// What became of the edits that came with an Idempotency-Key.
  var outcomes: [ClaimOutcome]
  /// What was erased before the lines were read.
  var erasedBefore: CheckedErasures
  /// What was erased, or begun to be, when the lines had been read.
  var erasedAfter: CheckedErasures
}

/// What a window needs beside its own range.
struct CheckNeeds: Sendable {
  var records: [RecordID] = []
  var lines: [Int64] = []
  /// Holds and refusals that came with an Idempotency-Key.
  var claims: [ClaimingLine] = []
}

/// Checks one team: window after window of its log, then the tables against the book that came out.
///
/// It does no I/O and keeps of resolved edits nothing but sums: what a log of any length needs is the memory of its
/// team's budgets, open holds, and edits that were credited or proven late.
struct TeamCheck: Sendable {
  let team: TeamID
  /// Where replaying begins.
  let start: CheckStart
  let claims: ClaimCheck
  var violations: ViolationList
  private(set) var log: LogCheck
  private(set) var usage: UsageCheck
  var calls: UpstreamCalls?
  var sums: SumCheck
  /// The months that the lines closed: twelve a year.
  private(set) var closings: [ClosedPeriod] = []
  /// What the lines tell of records that were removed.
  var removals = ToldRemovals()
  /// The erasures that the lines tell of.
  private(set) var erasures: [NoteID: (event: PrivateErased, index: Int64)] = [:]
  /// Labels of open edits.
  var labels: [RecordID: EditLabels] = [:]
  /// Edits that pruned lines may have credited, so that the lines that are there do not tell all.
  private(set) var creditedEarlier: Set<RecordID> = []
  /// What the lines credited, of edits that the lines or the table say were credited.
  var credits: [RecordID: Credits] = [:]
  /// Index of the line that told the truth late, as the table has it, of edits whose line was not read yet.
  var awaitedEvidence: [RecordID: Int64] = [:]
  /// The same, of edits whose line was read.
  var evidence: [RecordID: Int64] = [:]
  /// In a log that took another's place, of edits that were resolved before its check begins: what was credited until then.
  var creditedBefore: [RecordID: Credits] = [:]
  /// Work that the operator bears.
  var variances: [Variance] = []

  /// A check of `team` of which nothing has been read.
  init(team: TeamID, start: CheckStart = .beginning, calls: UpstreamCalls?, claims: ClaimCheck) {
    self.team = team
    self.start = start
    violations = ViolationList(team: team)
    log = LogCheck(team: team, start: start)
    usage = UsageCheck(team: team)
    if start.isRecovered, !start.isAfterPruning, let book = start.book { usage.begin(after: book.lastAt) }
    if let before = start.removedBefore { usage.begin(from: before) }
    sums = SumCheck(team: team, opening: start.sumsFromBook ? start.book : nil)
    self.calls = calls
    self.calls?.beginLog()
    self.claims = claims
  }

  /// Whether reading on is of use.
  var canGoOn: Bool { !log.isBroken && !violations.isFull }

  /// Notes a violation.
  mutating func add(_ invariant: Invariant, _ subject: String, _ message: String) {
    violations.add(invariant, subject, message)
  }

  /// Notes that an edit may have been credited by lines that are pruned.
  mutating func noteEarlierCredits(of record: RecordID) {
    creditedEarlier.insert(record)
    credits[record] = credits[record] ?? .zero
  }

  /// Whether lines were pruned that this check still wants to replay: it has to begin again.
  func isOvertakenByPruning(_ window: CheckWindow) -> Bool {
    window.lines.contains { $0.line.isEmpty && $0.index >= start.index }
  }

  /// What must be loaded beside `lines` and the records that they open.
  func needs(of lines: [CheckedLine]) -> CheckNeeds {
    var needs = CheckNeeds()
    var opened: Set<RecordID> = []
    for row in lines where row.index >= start.index {
      guard let (header, event) = try? Line.parse(row.line), let record = event.record else { continue }
      switch event {
      case .held, .refused:
        opened.insert(record)
        if let claim = ClaimingLine(event, header, row) { needs.claims.append(claim) }
        continue
      case .credited(let credited) where log.book?.records[record] == nil && !opened.contains(record):
        needs.lines += [credited.hold, credited.settlement]
      case .evidence(let proof) where log.book?.records[record] == nil && !opened.contains(record):
        needs.lines += [proof.hold, proof.settlement]
      default: break
      }
      if !opened.contains(record) { needs.records.append(record) }
    }
    return needs
  }

  /// Takes in the next lines with their rows.
  mutating func take(_ window: CheckWindow) {
    var byID: [RecordID: CheckedRecord] = [:]
    for row in window.opened + window.touched { byID[row.id] = row }
    var unopened = Dictionary(window.opened.map { ($0.holdIndex, $0) }) { first, _ in first }
    let outcomes = Dictionary(window.outcomes.map { ($0.record, $0) }) { first, _ in first }
    remember(changedIn: window, byID)
    for row in window.opened where row.holdIndex < start.index {
      unopened[row.holdIndex] = nil
      takePruned(row)
    }
    for row in window.lines {
      if row.index < start.index {
        log.takePruned(row, &violations)
        if row.commitment != nil, window.erasedBefore.mustLack(row.index, record: nil, members: []) {
          add(.privatePayloadMatchesLine, "log_private \(row.index)", "it was pruned and is still there")
        }
        continue
      }
      guard let (header, event) = log.take(row, &violations) else { break }
      if row.index == start.index, start.isAfterPruning { usage.begin(after: header.at) }
      calls?.take(event, &violations)
      note(varianceOf: event, event.record.flatMap { byID[$0] })
      if case .privateErased(let erased) = event { erasures[erased.erasure] = (erased, header.index) }
      if event.record == nil || start.removedBefore != nil { removals.take(event, header) }
      if case .periodClosed(let closed) = event {
        closings.append(
          ClosedPeriod(
            month: closed.month, start: closed.start, end: closed.end, index: header.index, book: closed.book))
      }
      switch event {
      case .held, .refused:
        compareOpening(event, header, unopened.removeValue(forKey: header.index))
        if let line = ClaimingLine(event, header, row), let outcome = outcomes[line.record] {
          claims.compare(line, outcome, removedBefore: start.removedBefore, &violations)
        }
      default:
        if let record = event.record { compareChange(event, header, byID[record], record) }
      }
      if let record = event.record, labels[record] == nil { labels[record] = byID[record].map { EditLabels($0) } }
      checkPayload(
        row, header, event, member: event.record.flatMap { labels[$0]?.member }, window.erasedBefore,
        window.erasedAfter)
      count(event, header)
    }
    // What stands behind a break was not read.
    for row in unopened.values.sorted(by: { $0.holdIndex < $1.holdIndex }) where !log.isBroken {
      add(.recordMatchesLog, row.subject, "no line \(row.holdIndex) opened it")
    }
    log.forgetResolved()
    removals.forgetResolutions()
    let open = log.book?.records ?? [:]
    labels = labels.filter { open[$0.key] != nil }
  }

  /// Notes that a window was read that must have reached `end`.
  mutating func endOfWindow(_ end: Int64) {
    log.end(at: end, &violations)
  }

  /// Compares usage buckets: all rows from `usage.comparedUpTo` up to `end`.
  mutating func compareUsage(_ rows: [CheckedUsage], upTo end: Timestamp) {
    usage.compare(rows, upTo: end, &violations)
  }

  /// Puts the records back into the book that lines of the window credit or prove and that were resolved long before.
  private mutating func remember(changedIn window: CheckWindow, _ rows: [RecordID: CheckedRecord]) {
    let events = Dictionary(
      window.earlier.compactMap { row in (try? Line.parse(row.line)).map { (row.index, $0) } }
    ) { first, _ in first }
    for (index, told) in events { removals.noteResolution(told.1, told.0, at: index) }
    for row in window.lines {
      guard let (_, event) = try? Line.parse(row.line), let record = event.record,
        // What was resolved by a pruned line is forgotten, and the ledger takes it as such.
        let (hold, resolution) = event.linesOfResolved, resolution >= start.index,
        events[resolution]?.1.record == record
      else { continue }
      var state: RecordState
      if hold < start.index {
        if let row = rows[record], row.holdIndex == hold {
          state = heldState(of: row, resolvedAt: resolution)
          labels[record] = EditLabels(row)
        } else if let held = removedState(of: record, resolvedAt: resolution) {
          state = held
        } else {
          continue
        }
      } else {
        guard case .held(let held)? = events[hold]?.1, let heldAt = events[hold]?.0.at, held.record == record else {
          continue
        }
        state = RecordState(
          id: held.record, member: held.member, key: held.key, instance: held.instance, state: .released,
          held: held.amount, credited: .zero, n: held.n, unitPrice: held.unitPrice,
          priceVersion: held.priceVersion, budgets: held.budgets.map(\.id), openedIndex: hold,
          resolvedIndex: resolution, heldAt: heldAt)
        labels[record] = EditLabels(held)
      }
      state.credited = credits[record] ?? .zero
      state.evidenceIndex = evidence[record]
      switch events[resolution]?.1 {
      case .settled(let settled):
        state.state = .settled
        state.settleCause = settled.cause
        state.charged = settled.charge
        state.assumed = settled.assumed && state.evidenceIndex == nil
      case .released: break
      default: continue
      }
      log.remember(state)
    }
  }

  private mutating func compareOpening(_ event: Event, _ header: LineHeader, _ row: CheckedRecord?) {
    guard let row else {
      if lackOpening(event, header) { return }
      let record = event.record.map { "record \($0)" } ?? ""
      add(.recordMatchesLog, record, "line \(header.index) opened it, and the table does not have it there")
      return
    }
    switch event {
    case .held(let held):
      labels[held.record] = EditLabels(held)
      note(RecordCheck.compare(row, with: held, header, team: team), row)
    case .refused(let refused):
      labels[refused.record] = EditLabels(refused)
      note(RecordCheck.compare(row, with: refused, header, team: team), row)
    default: return
    }
  }

  private mutating func compareChange(
    _ event: Event, _ header: LineHeader, _ row: CheckedRecord?, _ record: RecordID
  ) {
    guard let row else {
      if lackChange(event, header) { return }
      add(.recordMatchesLog, "record \(record)", "line \(header.index) tells of it, and the table does not have it")
      return
    }
    switch event {
    case .settled(let settled):
      note(RecordCheck.compare(row, with: settled, header), row)
      sums.addCharge(of: row)
      if row.credited != .zero { credits[record] = credits[record] ?? .zero }
      awaitedEvidence[record] = row.evidenceIndex
    case .released(let released):
      note(RecordCheck.compare(row, with: released, header), row)
      awaitedEvidence[record] = row.evidenceIndex
    case .evidence(let proof):
      note(RecordCheck.compare(row, with: proof, header), row)
      awaitedEvidence[record] = nil
      evidence[record] = header.index
      removals.noteCredit(proof)
      if proof.credited > .zero { add(proof.credited, of: record, before: proof.creditedBefore) }
    case .inDoubt(let doubted): note(RecordCheck.compare(row, with: doubted, header), row)
    case .credited(let credited):
      removals.noteCredit(credited)
      add(credited.amount, of: record, before: credited.creditedBefore)
    default: return
    }
  }

  /// Adds what a line credits of an edit. Of what a log that was replaced credited of it, this one has no lines.
  mutating func add(_ amount: Credits, of record: RecordID, before: Credits) {
    if start.sumsFromBook, credits[record] == nil { creditedBefore[record] = before }
    let earlier = credits[record] ?? creditedBefore[record] ?? .zero
    credits[record] = Credits(earlier.value + amount.value)
  }

  /// Notes work that was proven after a release: nobody pays for it but the operator.
  private mutating func note(varianceOf event: Event, _ row: CheckedRecord?) {
    guard case .evidence(let proof) = event, proof.worked,
      log.book?.records[proof.record].map({ $0.state == .released })
        ?? (row?.state == EditState.released.rawValue),
      variances.count < ViolationList.maximum
    else { return }
    variances.append(
      Variance(team: team, record: proof.record, credits: proof.variance, reason: .provenAfterRelease))
  }

  private mutating func note(_ message: String?, _ row: CheckedRecord) {
    if let message { add(.recordMatchesLog, row.subject, message) }
  }

  private mutating func count(_ event: Event, _ header: LineHeader) {
    guard let record = event.record else { return }
    guard let edit = labels[record] else {
      // Its hold was pruned and its row removed: nothing tells in which of the bucket's rows it was credited.
      if start.removedBefore != nil { usage.leaveOutCredits(at: header.at) }
      return
    }
    usage.take(event, at: header.at, of: edit)
  }
}

extension Event {
  /// The lines that held and resolved the edit which it credits or proves; nil for any other event.
  fileprivate var linesOfResolved: (hold: Int64, resolution: Int64)? {
    switch self {
    case .credited(let event): (event.hold, event.settlement)
    case .evidence(let event): (event.hold, event.settlement)
    default: nil
    }
  }
}

extension ClaimingLine {
  /// A line that opened an edit; nil: it came without an Idempotency-Key, or its payload is not the one that the line
  /// stands for, which is told elsewhere.
  fileprivate init?(_ event: Event, _ header: LineHeader, _ row: CheckedLine) {
    guard let payload = row.keyedPayload, row.commitment == header.private.bytes,
      let claim = PayloadClaim(payload: payload)
    else { return nil }
    switch event {
    case .held(let held): self.init(record: held.record, member: held.member, at: header.at, claim: claim)
    case .refused(let edit): self.init(record: edit.record, member: edit.member, at: header.at, claim: claim)
    default: return nil
    }
  }
}
