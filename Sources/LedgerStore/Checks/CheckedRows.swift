import Ledger
import Postgres

/// A line as it is stored, with the hash of its private payload.
struct CheckedLine: Sendable {
  var index: Int64
  var line: [UInt8]
  var leaf: [UInt8]
  var nodes: [UInt8]
  /// SHA-256 over salt and payload; nil: there is no row.
  var commitment: [UInt8]?
  /// The beginning of the payload where it may name an Idempotency-Key.
  var keyedPayload: [UInt8]?
}

/// As much of a record's row as the log tells of.
struct CheckedRecord: Sendable {
  var id: RecordID
  var member: MemberID
  var key: KeyID
  var instance: InstanceID
  var state: String
  var assumed: Bool
  var model: String
  var quality: String
  var size: String
  var n: Int
  var unitPrice: Credits
  var priceVersion: Int64
  var held: Credits
  var charged: Credits
  var credited: Credits
  var variance: Credits
  var teamPeriodStart: Timestamp?
  var memberPeriodStart: Timestamp?
  var keySubject: KeyID?
  var keyPeriodStart: Timestamp?
  var holdIndex: Int64
  var resolveIndex: Int64?
  var evidenceIndex: Int64?
  var createdAt: Timestamp
  var inDoubtAt: Timestamp?
  var resolvedAt: Timestamp?
  var cause: String?

  /// Its name in a violation.
  var subject: String { "record \(id)" }

  /// Whether the table says that its credits are still held.
  var isOpen: Bool { EditState(rawValue: state)?.isOpen ?? false }

  /// The row with indexes of the log that begins at the place `base` instead of places, as far as its lines stand there:
  /// an edit that was open when that log took another's place is held by its first line.
  func counted(from base: Int64) -> CheckedRecord {
    guard base > 0 else { return self }
    var record = self
    record.evidenceIndex = evidenceIndex.map { $0 < base ? $0 : $0 - base }
    guard (resolveIndex ?? (isOpen ? base : holdIndex)) >= base else { return record }
    record.holdIndex = max(0, holdIndex - base)
    record.resolveIndex = resolveIndex.map { $0 - base }
    return record
  }

  /// The budget rows that its hold was taken from.
  func budgets(of team: TeamID) -> [BudgetPlace] {
    var places: [BudgetPlace] = []
    if let teamPeriodStart { places.append(BudgetPlace(subject: .team(team), start: teamPeriodStart)) }
    if let memberPeriodStart { places.append(BudgetPlace(subject: .member(member), start: memberPeriodStart)) }
    if let keySubject, let keyPeriodStart {
      places.append(BudgetPlace(subject: .key(keySubject), start: keyPeriodStart))
    }
    return places
  }
}

/// What names a budget row in its table: of one subject no two rows start together.
struct BudgetPlace: Hashable, Sendable {
  var subject: BudgetSubject
  var start: Timestamp
}

/// A team's row with the database's clock.
struct CheckedTeam: Sendable {
  var state: TeamState
  var origin: String
  var logSize: Int64
  var peaks: [UInt8]
  var lastAt: Timestamp
  var createdAt: Timestamp
  var now: Timestamp
  /// Lines below it are pruned, or are being.
  var prunedBefore: Int64
  /// The place of the log's first line.
  var logBase: Int64
  /// For how many days records are kept; nil: for ever.
  var keepDays: Int64?
  /// Records that were resolved before it were removed, or are being; nil: none were.
  var removedBefore: Timestamp?
}

/// The first rows that stand behind the end of the log; nil: none.
struct CheckedStrays: Sendable {
  var line: Int64?
  var payload: Int64?
  var record: RecordID?
  /// Usage from before the last removal, where none is under way.
  var usage: Timestamp?
}

/// A key's row, and whether it is found by its hash.
struct CheckedKey: Sendable {
  var state: KeyState
  var isInDirectory: Bool
}

/// A usage bucket's row.
struct CheckedUsage: Sendable {
  var key: UsageKey
  var counts: UsageCounts
}
