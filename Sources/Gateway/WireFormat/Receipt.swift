import Ledger
package import LedgerStore
import TransparencyLog

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where an edit's resolving line stands in the log: what a member keeps to check the log against (docs/audit.md).
package struct Receipt: Sendable, Equatable {
  /// Origin, index, leaf hash and time of the line.
  package var position: LogPosition

  /// A receipt of the line at `position`.
  package init(_ position: LogPosition) {
    self.position = position
  }

  /// Writes the receipt. `note` is null as long as receipts are not signed.
  package func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("log", position.log)
      writer.field("index", position.index)
      writer.field("leaf", Data(position.leaf.bytes).base64EncodedString())
      writer.field("at", position.at.rfc3339)
      writer.nullField("note")
    }
  }
}
