package import Ledger

/// One call in the upstream's own list (the sandbox's truth log, docs/command-line.md): what it was asked and what it did.
package struct TruthLogEntry: Sendable, Hashable {
  /// Whether it is an edit: uploads and results cost nothing and belong to no record.
  package var isEdit: Bool
  /// The upstream's own id of the call.
  package var uuid: String?
  /// The record that the gateway named in `X-Request-Id`.
  package var requestID: String?
  /// Whether work was done.
  package var worked: Bool
  /// When the upstream was called; nil: not known.
  package var at: Timestamp?
  /// What the work cost; nil: the upstream does not say.
  package var credits: Credits?

  /// A call.
  package init(
    isEdit: Bool, uuid: String?, requestID: String?, worked: Bool, at: Timestamp? = nil, credits: Credits? = nil
  ) {
    self.at = at
    self.credits = credits
    self.isEdit = isEdit
    self.uuid = uuid
    self.requestID = requestID
    self.worked = worked
  }
}

/// The upstream's calls by record, against which records are checked while the logs are replayed.
struct UpstreamCalls: Sendable {
  private struct Calls {
    var worked = false
    var isKnown = false
  }

  private var calls: [RecordID: Calls] = [:]
  /// Edits of the log that is being replayed which were released although the upstream did the work. Evidence may follow.
  private var releasedWork: [RecordID: ReleaseCause] = [:]
  /// Calls that name no record at all.
  private var nameless: [TruthLogEntry] = []

  /// The edits among `entries`.
  init(_ entries: [TruthLogEntry]) {
    for entry in entries where entry.isEdit {
      guard let record = entry.requestID.flatMap({ RecordID($0) }) else {
        nameless.append(entry)
        continue
      }
      if entry.worked {
        calls[record, default: Calls()].worked = true
      } else if calls[record] == nil {
        calls[record] = Calls()
      }
    }
  }

  /// Notes that a log has an edit.
  mutating func note(_ record: RecordID) {
    calls[record]?.isKnown = true
  }

  /// Whether the upstream was called for an edit.
  func isKnown(_ record: RecordID) -> Bool { calls[record] != nil }

  /// Whether the upstream worked for an edit.
  func hasWorked(_ record: RecordID) -> Bool { calls[record]?.worked == true }

  /// Notes that an edit was released although the upstream did the work.
  mutating func noteRelease(_ record: RecordID, _ cause: ReleaseCause) {
    releasedWork[record] = cause
  }

  /// Takes in one line of a replayed log.
  mutating func take(_ event: Event, _ violations: inout ViolationList) {
    switch event {
    case .held(let held):
      calls[held.record]?.isKnown = true
    case .refused(let refused):
      guard calls[refused.record] != nil else { return }
      calls[refused.record]?.isKnown = true
      violations.add(
        .refusedEditWasNeverSent, "record \(refused.record)", "the edit was refused, and the upstream was called for it"
      )
    case .released(let released):
      if calls[released.record]?.worked == true { releasedWork[released.record] = released.cause }
    case .evidence(let evidence):
      take(evidence, &violations)
    case .settled(let settled):
      guard settled.cause == .delivered, calls[settled.record]?.worked != true else { return }
      violations.add(
        .settledEditWasWorked, "record \(settled.record)", "the edit was charged, and the upstream did no work for it")
    default: return
    }
  }

  private mutating func take(_ evidence: EditEvidence, _ violations: inout ViolationList) {
    let hasWorked = calls[evidence.record]?.worked == true
    if evidence.worked { releasedWork[evidence.record] = nil }
    if evidence.worked, !hasWorked {
      violations.add(
        .settledEditWasWorked, "record \(evidence.record)", "the edit is proven, and the upstream did no work for it")
    }
    if !evidence.worked, hasWorked {
      violations.add(
        .upstreamWorkIsAccountedFor, "record \(evidence.record)",
        "the charge was credited back as proven undone, and the upstream did the work")
    }
  }

  /// Judges what was released and never proven, after the last line of a log.
  /// - Returns: edits that an administrator released although the upstream did the work.
  mutating func endOfLog(_ violations: inout ViolationList) -> [RecordID] {
    defer { releasedWork = [:] }
    var byAdministrator: [RecordID] = []
    for (record, cause) in releasedWork.sorted(by: { $0.key < $1.key }) {
      guard cause != .administrator else {
        byAdministrator.append(record)
        continue
      }
      violations.add(
        .upstreamWorkIsAccountedFor, "record \(record)",
        "the edit was released as \(cause.rawValue), and the upstream did the work")
    }
    return byAdministrator
  }

  /// Forgets a log that could not be replayed to its end.
  mutating func beginLog() {
    releasedWork = [:]
  }

  /// Edits that were called for and that no log has told of yet.
  var unknown: [RecordID] { calls.filter { !$0.value.isKnown }.keys.sorted() }

  /// Takes edits as known of which only a log tells that was replaced.
  mutating func know(_ records: [RecordID]) {
    for record in records { calls[record]?.isKnown = true }
  }

  /// Calls that no log knows, after all logs were replayed.
  func findUnknown(_ violations: inout ViolationList) {
    for (record, call) in calls.sorted(by: { $0.key < $1.key }) where !call.isKnown {
      violations.add(.upstreamCallHasARecord, "record \(record)", "the upstream was called for it, and no log has it")
    }
    for entry in nameless {
      violations.add(
        .upstreamCallHasARecord, "upstream call \(entry.uuid ?? "without an id")", "the call names no record")
    }
  }
}
