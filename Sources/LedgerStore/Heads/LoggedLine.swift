package import Ledger
package import TransparencyLog

/// One line of a team's log as it is stored.
package struct LoggedLine: Sendable, Hashable {
  /// Its position.
  package var index: Int64
  /// The line's bytes without a line feed; empty once the line was pruned.
  package var line: [UInt8]
  /// Its leaf hash, which stays when the line is pruned.
  package var leaf: Digest

  /// A line with these fields.
  package init(index: Int64, line: [UInt8], leaf: Digest) {
    self.index = index
    self.line = line
    self.leaf = leaf
  }

  /// Whether only its hash is left.
  package var isPruned: Bool { line.isEmpty }

  /// The edit that it tells of; nil for other lines, pruned ones, and bytes that are no line.
  package var record: RecordID? {
    (try? Line.parse(line))?.1.record
  }
}
