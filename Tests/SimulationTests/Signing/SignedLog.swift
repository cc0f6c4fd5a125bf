import Ledger
import LedgerStore
import TransparencyLog

/// A log of the signer's world: its leaves, and the rows that the database keeps of them.
struct SignedLog: Sendable {
  let team: TeamID
  var leaves: [Digest] = []
  var peaks = Peaks()
  private var rows: [(leaf: Digest, nodes: [UInt8])] = []
  var isHalted = false
  var head: LogHead?

  init(team: TeamID) {
    self.team = team
  }

  var origin: String { "tally.local/\(team)" }
  var size: Int64 { peaks.size }

  mutating func append(_ leaf: Digest) {
    leaves.append(leaf)
    rows.append((leaf, peaks.append(leaf).flatMap(\.bytes)))
  }

  var tip: LogTip {
    LogTip(
      team: team, log: LogState(origin: origin, size: size, peaks: peaks, lastAt: .epoch), isHalted: isHalted,
      head: head)
  }

  func rows(_ indexes: [Int64]) -> TreeRows {
    var tree = TreeRows()
    for index in indexes where rows.indices.contains(Int(index)) {
      try? tree.add(index: index, leaf: rows[Int(index)].leaf, nodes: rows[Int(index)].nodes)
    }
    return tree
  }
}

/// The tables that a signer reads and writes; a value, so that yesterday's is kept by copying.
struct SigningTables: Sendable {
  var logs: [TeamID: SignedLog] = [:]
  var requests: [TeamID: Int64] = [:]
  var lease: SignerLease?

  var hasHeads: Bool { logs.values.contains { $0.head != nil } }

  func page(after team: TeamID?, limit: Int) -> [LogTip] {
    Array(logs.values.filter { log in team.map { log.team > $0 } ?? true }.sorted { $0.team < $1.team }.prefix(limit))
      .map(\.tip)
  }
}
