import JSON
import Ledger
import TransparencyLog

/// A line that may pass the filters of a list.
struct FilteredLine {
  let index: Int64
  let bytes: [UInt8]
  let event: Event
  /// Whether the line alone shows that it passes. Else it tells of an edit whose member and key other lines name.
  let isSettled: Bool

  /// The line, unless it is plain that it does not pass. Throws a `LineError`.
  init?(_ index: Int64, _ line: ArraySlice<UInt8>, _ filters: ExportCreated.Filters) throws {
    let bytes = Array(line)
    let event = try Line.parse(bytes).1
    if let action = filters.action, event.action != action { return nil }
    if let record = filters.record, event.record != record { return nil }
    self.index = index
    self.bytes = bytes
    self.event = event
    if filters.member == nil, filters.key == nil {
      isSettled = true
      return
    }
    let subjects = LineSubjects(event)
    guard subjects.isKnown else {
      isSettled = false
      return
    }
    if let member = filters.member, !subjects.members.contains(member) { return nil }
    if let key = filters.key, !subjects.keys.contains(key) { return nil }
    isSettled = true
  }

  /// Appends the list's line: JSON of which `line` is the stored bytes.
  func append(_ proof: LogProof, to text: inout [UInt8]) {
    text += "{\"index\":\(index),\"line\":".utf8
    text += bytes
    text += ",\"proof\":".utf8
    Array(proof.text.utf8).withUnsafeBufferPointer { JSONString.append(utf8: $0, to: &text) }
    text += "}\n".utf8
  }
}

/// A row of a list of chosen lines.
package enum ListRow {
  /// Index of the line that a row is of; nil where the text is no row.
  package static func index(of row: some Collection<UInt8>) -> Int64? {
    let start = Array("{\"index\":".utf8)
    guard row.starts(with: start) else { return nil }
    let digits = row.dropFirst(start.count).prefix { $0 != UInt8(ascii: ",") }
    return Int64(String(decoding: digits, as: UTF8.self)).flatMap { $0 >= 0 ? $0 : nil }
  }
}

/// The members and keys that a line is about.
struct LineSubjects {
  var members: Set<MemberID> = []
  var keys: Set<KeyID> = []
  /// False for an edit that the line names by its record only.
  var isKnown = true

  /// What the event names.
  init(_ event: Event) {
    switch event {
    case .held(let event): (members, keys) = ([event.member], [event.key])
    case .refused(let event): (members, keys) = ([event.member], [event.key])
    case .settled, .released, .inDoubt, .credited, .evidence: isKnown = false
    case .limitChanged(let event): add(event.scope, event.subject)
    case .memberAdded(let event): members = [event.member]
    case .memberChanged(let event): members = [event.member]
    case .memberSuspended(let event): members = [event.member]
    case .keyIssued(let event): (members, keys) = ([event.member], [event.key])
    case .keyRotated(let event): (members, keys) = ([event.member], [event.key, event.replaces])
    case .keyRevoked(let event): keys = [event.key]
    case .privateErased(let event):
      if case .member(let member) = event.target { members = [member] }
    case .alertChanged(let event): add(event.scope, event.subject)
    case .alertDelivered(let event): add(event.scope, event.subject)
    case .teamCreated, .teamChanged, .periodClosed, .legalHoldPlaced, .legalHoldLifted, .exportCreated, .reportRead,
      .retentionChanged, .usageRemoved, .usageRebuilt, .logKeyAnnounced, .logKeyRotated, .logRecovered, .priceChanged,
      .logKeyRetired, .signerRecovered, .headsCovered:
      break
    }
  }

  private mutating func add(_ scope: BudgetScope, _ subject: UInt128) {
    switch scope {
    case .member: members = [MemberID(bits: subject)]
    case .key: keys = [KeyID(bits: subject)]
    case .team: break
    }
  }
}
