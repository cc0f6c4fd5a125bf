import Ledger

/// What of a log was erased or is being, so that a payload which is missing, or is still there, can be judged.
struct CheckedErasures: Sendable {
  private struct Extent {
    /// Lines below this index are meant.
    var until: Int64
    /// All of them: nothing of it may be left below this index.
    var doneBelow: Int64
  }

  private var members: [MemberID: Extent] = [:]
  private var records: [RecordID: Extent] = [:]
  private var lines = Extent(until: 0, doneBelow: 0)

  /// The erasures of one log.
  init(_ erasures: [Erasure]) {
    for erasure in erasures {
      let done = erasure.index == nil ? 0 : erasure.until
      switch erasure.target {
      case .member(let member): Self.add(erasure.until, done, to: &members[member])
      case .records(let ids): for id in ids { Self.add(erasure.until, done, to: &records[id]) }
      case .lines(let before):
        lines.until = max(lines.until, before)
        if erasure.index != nil { lines.doneBelow = max(lines.doneBelow, before) }
      }
    }
  }

  private static func add(_ until: Int64, _ done: Int64, to extent: inout Extent?) {
    extent = Extent(until: max(extent?.until ?? 0, until), doneBelow: max(extent?.doneBelow ?? 0, done))
  }

  /// Whether the payload of a line may be missing.
  func mayLack(_ index: Int64, record: RecordID?, members told: [MemberID]) -> Bool {
    isCovered(index, record, told, \.until)
  }

  /// Whether the payload of a line must be gone.
  func mustLack(_ index: Int64, record: RecordID?, members told: [MemberID]) -> Bool {
    isCovered(index, record, told, \.doneBelow)
  }

  private func isCovered(
    _ index: Int64, _ record: RecordID?, _ told: [MemberID], _ end: KeyPath<Extent, Int64>
  ) -> Bool {
    if index < lines[keyPath: end] { return true }
    if let record, let extent = records[record], index < extent[keyPath: end] { return true }
    return told.contains { member in members[member].map { index < $0[keyPath: end] } ?? false }
  }
}

extension TeamCheck {
  /// Judges the payload of a line.
  /// - Parameters:
  ///   - before: what was erased before the line was read.
  ///   - after: what was erased, or begun to be, when it had been read.
  mutating func checkPayload(
    _ row: CheckedLine, _ header: LineHeader, _ event: Event, member: MemberID?, _ before: CheckedErasures,
    _ after: CheckedErasures
  ) {
    let subject = "log_private \(row.index)"
    if let commitment = row.commitment, commitment != header.private.bytes {
      return add(.privatePayloadMatchesLine, subject, "salt and payload have another hash")
    }
    let told = event.membersTold(by: header.actor, editOf: member, owner: { log.book?.keys[$0]?.member })
    if row.commitment == nil {
      guard !after.mayLack(row.index, record: event.record, members: told) else { return }
      add(.privatePayloadMatchesLine, subject, "the payload is missing")
    } else if before.mustLack(row.index, record: event.record, members: told) {
      add(.privatePayloadMatchesLine, subject, "it was erased and is still there")
    }
  }

  /// Compares the erasures that are done with the lines that tell of them.
  mutating func compareErasures(_ rows: [Erasure]) {
    var left = erasures
    for row in rows {
      guard let index = row.index, index >= start.index else { continue }
      let told = left.removeValue(forKey: row.id)
      if told?.index != index || told?.event.target != row.target || told?.event.counted != row.counted {
        add(.teamMatchesLog, "erasure \(row.id)", "line \(index) does not tell of it so")
      }
    }
    for (id, told) in left.sorted(by: { $0.value.index < $1.value.index }) {
      add(.teamMatchesLog, "erasure \(id)", "the row of line \(told.index) is missing")
    }
  }
}
