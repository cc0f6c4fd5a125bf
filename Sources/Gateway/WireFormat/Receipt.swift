import Ledger
package import LedgerStore
import TransparencyLog

/// Where an edit's resolving line stands in the log: what a member keeps to check the log against (docs/audit.md).
package struct Receipt: Sendable, Equatable {
  /// Origin, index, leaf hash and time of the line.
  package var position: LogPosition
  /// The same as a signed note; nil where this gateway holds no receipt key.
  package var note: String?

  /// A receipt of the line at `position`.
  package init(_ position: LogPosition, note: String? = nil) {
    self.position = position
    self.note = note
  }

  /// Writes the receipt.
  package func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("log", position.log)
      writer.field("index", position.index)
      writer.field("leaf", position.leaf.base64)
      writer.field("at", position.at.rfc3339)
      writer.field("note", note)
    }
  }
}
