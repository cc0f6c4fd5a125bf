import Ledger

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

  /// A call.
  package init(isEdit: Bool, uuid: String?, requestID: String?, worked: Bool) {
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
      guard calls[released.record]?.worked == true, released.cause != .administrator else { return }
      violations.add(
        .upstreamWorkIsAccountedFor, "record \(released.record)",
        "the edit was released as \(released.cause.rawValue), and the upstream did the work")
    case .settled(let settled):
      guard settled.cause == .delivered, calls[settled.record]?.worked != true else { return }
      violations.add(
        .settledEditWasWorked, "record \(settled.record)", "the edit was charged, and the upstream did no work for it")
    default: return
    }
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
