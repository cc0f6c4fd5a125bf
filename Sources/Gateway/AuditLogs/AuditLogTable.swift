import Audit
import Ledger
import LedgerStore

/// A page of a team's audit log as a table in RFC 4180, for spreadsheets (docs/audit-logs.md).
package struct AuditLogTable: Sendable {
  private static let heading = ["id", "type", "effective_at", "actor_type", "actor_id", "user_id", "index", "fields"]

  private let page: AuditLogPage

  /// The table of a page.
  package init(_ page: AuditLogPage) {
    self.page = page
  }

  /// The heading and one row for each entry, each ended by CR LF.
  package var bytes: [UInt8] {
    var bytes = TableRow.heading(Self.heading)
    let cells = TableRow()
    for entry in page.page.entries {
      write(entry, to: cells)
      bytes += cells.finish()
    }
    return bytes
  }

  private func write(_ entry: AuditEntry, to cells: TableRow) {
    cells.add(AuditLogID.text(entry.place, of: page.team))
    cells.add(entry.action.rawValue)
    cells.add(second: entry.header.at)
    switch entry.header.actor {
    case .key(let key):
      cells.add("api_key")
      cells.add(key)
    case .system, .operator:
      cells.add("session")
      cells.add(entry.header.actor.text)
    }
    cells.add(entry.userID)
    cells.add(entry.header.index)
    var fields = JSONWriter()
    fields.object { writer in AuditLogPage.writeFields(of: entry, &writer) }
    cells.add(fields.text)
  }
}
