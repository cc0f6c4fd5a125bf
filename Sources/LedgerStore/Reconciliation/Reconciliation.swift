package import Ledger

/// Compares the upstream's own figures with the ledger's edits (docs/audit.md, what the log cannot show). First it is told
/// all calls of a stretch of time, then all edits of it, in any order; it keeps of a call some hundred bytes.
package struct Reconciliation: Sendable {
  /// The most calls of the upstream that are compared at once: some hundred megabytes.
  package static let callsMaximum = 1_000_000
  /// The most findings that are kept of those that agree, and of those that do not.
  package static let findingsMaximum = 5_000
  /// How far a call and its edit may lie apart, in seconds: what lies so far beyond the stretch is looked at, too.
  package static let apartSeconds: Int64 = 3_600

  private struct Work {
    var at: Timestamp
    var uuid: String?
    var record: RecordID?
    var worked = false
    var credits: Int64 = 0
    var isCreditKnown = true
    var isLogged = false
  }

  private let from: Timestamp
  private let to: Timestamp
  private let team: TeamID?
  private var works: [Work] = []
  private var ofRecord: [RecordID: Int] = [:]
  private var ofUUID: [String: Int] = [:]
  private var differing: [ReconciliationFinding] = []
  private var agreeing: [ReconciliationFinding] = []
  private var report = ReconciliationReport()

  /// A comparison of a stretch of time, its end not in it.
  /// - Parameter team: whose edits are judged; nil: all teams'. Work that no log knows belongs to nobody and is always
  ///   found.
  package init(from: Timestamp, to: Timestamp, team: TeamID?) {
    self.from = from
    self.to = to
    self.team = team
  }

  /// The first moment whose calls and edits are wanted.
  package var first: Timestamp { max(from.adding(seconds: -Self.apartSeconds), .epoch) }
  /// The first moment whose calls and edits are not wanted any more.
  package var end: Timestamp { to.adding(seconds: Self.apartSeconds) }

  /// Takes in a call of the upstream's own list. Uploads and questions for results are passed over, and what lies beyond
  /// the stretch.
  /// - Throws: `invalid` for more than `callsMaximum`.
  package mutating func take(_ call: TruthLogEntry) throws(StoreError) {
    guard call.isEdit, let at = call.at, first <= at, at < end else { return }
    let record = call.requestID.flatMap { RecordID($0) }
    let known = record.flatMap { ofRecord[$0] } ?? call.uuid.flatMap { ofUUID[$0] }
    let index = known ?? works.count
    if known == nil {
      guard works.count < Self.callsMaximum else {
        throw StoreError(
          .invalid(
            field: "upstream", message: "has more than \(Self.callsMaximum) calls in that time; take a shorter one"))
      }
      works.append(Work(at: at))
    }
    works[index].uuid = works[index].uuid ?? call.uuid
    works[index].record = works[index].record ?? record
    if let uuid = call.uuid { ofUUID[uuid] = index }
    if let record { ofRecord[record] = index }
    guard call.worked else { return }
    works[index].worked = true
    if let credits = call.credits {
      works[index].credits += credits.value
    } else {
      works[index].isCreditKnown = false
    }
  }

  /// Takes in an edit of the ledger, of whatever team.
  package mutating func take(_ edit: ReconciledEdit) {
    let index = ofRecord[edit.record] ?? edit.upstreamUUID.flatMap { ofUUID[$0] }
    if let index { works[index].isLogged = true }
    guard team == nil || edit.team == team, from <= edit.createdAt, edit.createdAt < to else { return }
    let work = index.map { works[$0] }
    report.totals.edits += 1
    if work != nil { report.totals.matched += 1 }
    report.totals.charged += edit.charged.value
    report.totals.credited += edit.credited.value
    report.totals.variance += edit.variance.value
    guard let kind = judge(edit, work) else { return }
    let credits = work.flatMap { $0.worked && $0.isCreditKnown ? Credits($0.credits) : nil }
    add(
      ReconciliationFinding(
        kind, team: edit.team, record: edit.record, upstreamUUID: work?.uuid ?? edit.upstreamUUID, at: edit.createdAt,
        ledgerCredits: edit.state.isOpen ? nil : edit.cost, upstreamCredits: credits))
  }

  /// What remains: work of which no log knows.
  package mutating func finish() -> ReconciliationReport {
    for work in works.sorted(by: { $0.at < $1.at }) where from <= work.at && work.at < to {
      report.totals.upstreamEdits += 1
      report.totals.upstreamCredits += work.credits
      guard work.worked, !work.isLogged else { continue }
      add(
        ReconciliationFinding(
          .neverLogged, record: work.record, upstreamUUID: work.uuid, at: work.at,
          upstreamCredits: work.isCreditKnown ? Credits(work.credits) : nil))
    }
    report.findings = differing + agreeing
    return report
  }

  private func judge(_ edit: ReconciledEdit, _ work: Work?) -> ReconciliationFinding.Kind? {
    let hasWorked = work?.worked ?? false
    switch edit.state {
    case .held: return hasWorked ? .openButWorked : nil
    case .inDoubt: return hasWorked ? .openButWorked : .inDoubtNotWorked
    case .refused: return hasWorked ? .releasedButWorked : nil
    case .released:
      guard let work, hasWorked else { return nil }
      // Proven after the release: the ledger knows what it cost.
      if edit.hasEvidence { return differs(edit, work) ? .amountDiffers : nil }
      return edit.cause == ReleaseCause.administrator.rawValue ? .releasedByAdministrator : .releasedButWorked
    case .settled:
      guard let work, hasWorked else {
        if edit.assumed { return .assumedNotWorked }
        // Proven undone: what was charged was given back.
        if edit.hasEvidence, edit.fits(.zero) { return nil }
        return edit.cost > .zero ? .notUpstream : nil
      }
      if differs(edit, work) { return .amountDiffers }
      return edit.assumed ? .assumedAndWorked : nil
    }
  }

  private func differs(_ edit: ReconciledEdit, _ work: Work) -> Bool {
    work.isCreditKnown && !edit.fits(Credits(work.credits))
  }

  private mutating func add(_ finding: ReconciliationFinding) {
    report.counts[finding.kind, default: 0] += 1
    if finding.kind.agrees {
      if agreeing.count < Self.findingsMaximum { agreeing.append(finding) }
    } else if differing.count < Self.findingsMaximum {
      differing.append(finding)
    }
  }
}
