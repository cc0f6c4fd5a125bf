import Ledger
import Postgres
import TransparencyLog

/// Finds the head that a report's numbers belong to, and proves one that a request names.
struct UsageHead {
  private let log: Pipeline.Slot<UsageLog>
  private let tree: Pipeline.Slot<TreeRow>?
  private let line: Pipeline.Slot<PlacedLine>?

  /// Appends what is to be read.
  static func append(_ request: UsageRequest, to scope: inout RequestScope) -> UsageHead {
    let team = request.team.uuid
    let log = scope.append(.usageLog, team)
    guard let asOf = request.asOf, let plan = try? Peaks.plan(size: asOf.size) else {
      return UsageHead(log: log, tree: nil, line: nil)
    }
    return UsageHead(
      log: log, tree: scope.append(.treeRows, team, plan.rows, nil as Int64?),
      line: scope.append(.linesAt, team, [asOf.size - 1], nil as Int64?))
  }

  /// The log and the head.
  /// - Throws: `invalid`, naming `page`, where the request names a head that the log never had; `notFound`.
  func read(
    _ results: PipelineResults, _ request: UsageRequest
  ) throws(StoreError) -> (UsageLog, UsagePosition) {
    guard let log = try results.decoded(log).first else { throw StoreError(.notFound("the team")) }
    let state = log.state
    guard let asOf = request.asOf else {
      return (
        log,
        UsagePosition(
          origin: state.origin, size: state.size, root: try Digest32(root: state.peaks), at: state.lastAt)
      )
    }
    guard asOf.origin == state.origin else {
      throw Self.invalid("is of the log \(asOf.origin), and the team's log is \(state.origin)")
    }
    guard let tree, let line, asOf.size >= 1, asOf.size <= state.size else {
      throw Self.invalid("is of \(asOf.size) lines, and the log has \(state.size)")
    }
    var rows = TreeRows()
    for row in try results.decoded(tree) { try row.add(to: &rows) }
    guard let peaks = try? Peaks(size: asOf.size, from: rows.hash), try Digest32(root: peaks) == asOf.root else {
      throw Self.invalid("is of a head that the log never had")
    }
    // Of a line that was pruned only the hash is left. A wrong time would move nothing but the asker's own numbers.
    guard asOf.at.isWithinLimits, asOf.at <= state.lastAt, let last = try results.decoded(line).first else {
      throw Self.invalid("is of a time that the log never had")
    }
    if !last.bytes.isEmpty {
      guard let header = try? Line.parse(last.bytes).0 else { throw StoreError(.database) }
      guard header.at == asOf.at else { throw Self.invalid("has another time than the line before it") }
    }
    return (log, asOf)
  }

  private static func invalid(_ message: String) -> StoreError {
    StoreError(.invalid(field: "page", message: "\(message); begin again without it"))
  }
}

extension Digest32 {
  /// The root of a tree.
  init(root peaks: Peaks) throws(StoreError) {
    guard let root = Digest32(bytes: peaks.root.bytes) else { throw StoreError(.database) }
    self = root
  }
}
