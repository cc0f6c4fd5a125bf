package import Ledger
package import LedgerStore
import TransparencyLog

/// A page of a team's audit log as OpenAI's admin API has them; what is ours stands beside (docs/audit-logs.md).
package struct AuditLogPage: Sendable {
  /// Whose.
  package var team: TeamID
  /// What it shows.
  package var page: AuditEntryPage

  /// A page.
  package init(_ page: AuditEntryPage, of team: TeamID) {
    self.page = page
    self.team = team
  }

  /// Fields of every line, which an entry has elsewhere or not at all.
  private static let header = ["action", "actor", "at", "index", "log", "private", "v"]

  /// Writes it.
  package func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("object", "list")
      writer.array("data") { writer in
        for entry in page.entries { writer.object { writer in write(entry, &writer) } }
      }
      writer.field("first_id", page.entries.first.map { AuditLogID.text($0.place, of: team) })
      writer.field("last_id", page.entries.last.map { AuditLogID.text($0.place, of: team) })
      writer.field("has_more", page.hasMore)
      writer.field("first_index", page.firstIndex)
      writer.object("as_of") { writer in
        writer.field("log", page.asOf.origin)
        writer.field("size", page.asOf.size)
        writer.field("root", Base64.encode(page.asOf.root.bytes))
      }
    }
  }

  private func write(_ entry: AuditEntry, _ writer: inout JSONWriter) {
    writer.field("id", AuditLogID.text(entry.place, of: team))
    writer.field("type", entry.action.rawValue)
    writer.field("effective_at", entry.header.at.microseconds / Timestamp.microsecondsPerSecond)
    writer.object("actor") { writer in AuditLogPage.writeActor(entry, &writer) }
    writer.object(entry.action.rawValue) { writer in
      AuditLogPage.writeFields(of: entry, &writer)
    }
    writer.field("index", entry.header.index)
  }

  /// The line's own fields in its own words, so that an entry can be compared with the line that an export or a proof has.
  static func writeFields(of entry: AuditEntry, _ writer: inout JSONWriter) {
    guard case .object(let line) = try? JSONReader.parse(entry.line) else { return }
    for member in line.members where !header.contains(where: { $0.hasSameBytes(as: member.name) }) {
      writer.name(member.name)
      writer.value(member.value)
    }
  }

  private static func writeActor(_ entry: AuditEntry, _ writer: inout JSONWriter) {
    switch entry.header.actor {
    case .key(let key):
      writer.field("type", "api_key")
      writer.object("api_key") { writer in
        writer.field("id", key.description)
        writer.field("type", "user")
        writer.object("user") { writer in writeUser(entry.userID, &writer) }
      }
    case .system, .operator:
      // Somebody at the command line, or the gateway on its own: who that was is personal and stands in no line.
      writer.field("type", "session")
      writer.object("session") { writer in
        writer.object("user") { writer in writeUser(entry.header.actor.text, &writer) }
      }
    }
  }

  private static func writeUser(_ id: String?, _ writer: inout JSONWriter) {
    writer.field("id", id)
    writer.nullField("email")
  }
}
