package import Ledger
package import LedgerStore

/// What `GET /v1/organization/audit_logs` asks for, read from the query (docs/audit-logs.md).
package struct AuditLogQuery: Sendable {
  private static let usualLimit = 20
  private static let scalars = [
    "effective_at[gt]", "effective_at[gte]", "effective_at[lt]", "effective_at[lte]", "limit", "after", "before",
  ]
  private static let lists = ["event_types", "actor_ids", "resource_ids"]

  private var reader: ReportQueryReader

  /// The filter. Throws 400 that names every parameter that is unknown or cannot be read.
  package static func filter(_ query: String?, team: TeamID) throws(GatewayError) -> AuditEntryFilter {
    var query = AuditLogQuery(reader: ReportQueryReader(query, scalars: scalars, lists: lists))
    let filter = query.filter(team)
    guard query.reader.faults.isEmpty else { throw .invalid(query.reader.faults) }
    return filter
  }

  private mutating func filter(_ team: TeamID) -> AuditEntryFilter {
    let limit = reader.number("limit", in: 1...AuditEntryFilter.entriesMaximum)
    var filter = AuditEntryFilter(limit: limit ?? Self.usualLimit)
    // An entry's time is shown in whole seconds.
    let (after, until) = (reader.second("effective_at[gt]"), reader.second("effective_at[lte]"))
    filter.from = [after?.adding(seconds: 1), reader.second("effective_at[gte]")].compactMap(\.self).max()
    filter.until = [until?.adding(seconds: 1), reader.second("effective_at[lt]")].compactMap(\.self).min()
    filter.actions = reader.words("event_types", of: Action.allCases).map { Set($0) }
    filter.actors = reader.list("actor_ids")
    filter.resources = reader.list("resource_ids")
    filter.after = place("after", team)
    filter.before = place("before", team)
    return filter
  }

  private mutating func place(_ name: String, _ team: TeamID) -> Int64? {
    guard let text = reader.scalar(name) else { return nil }
    let place = AuditLogID.place(text, of: team)
    if place == nil { reader.fault(name, "must be the id of an entry of this list") }
    return place
  }
}
