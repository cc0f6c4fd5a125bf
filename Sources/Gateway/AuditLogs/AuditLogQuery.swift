package import Ledger
package import LedgerStore

/// What `GET /v1/organization/audit_logs` asks for, read from the query (docs/audit-logs.md).
package struct AuditLogQuery: Sendable {
  private static let usualLimit = 20
  /// Values of one list at most, and parameters that are looked at.
  private static let maximumValues = 50
  private static let scalars = [
    "effective_at[gt]", "effective_at[gte]", "effective_at[lt]", "effective_at[lte]", "limit", "after", "before",
  ]
  private static let lists = ["event_types", "actor_ids", "resource_ids"]
  /// Unix seconds up to the year 9999.
  private static let seconds = 0...(Timestamp.maximum.microseconds / Timestamp.microsecondsPerSecond - 1)

  /// Three lists of as many values as a list may have, and the rest.
  private static let parametersMaximum = 200

  private let query: QueryParameters
  private var faults: [FieldFault]

  /// The filter. Throws 400 that names every parameter that is unknown or cannot be read.
  package static func filter(_ query: String?, team: TeamID) throws(GatewayError) -> AuditEntryFilter {
    var reader = AuditLogQuery(query)
    let filter = reader.filter(team)
    guard reader.faults.isEmpty else { throw .invalid(reader.faults) }
    return filter
  }

  private init(_ text: String?) {
    query = QueryParameters(text, maximum: Self.parametersMaximum)
    faults = query.faults(otherThan: Self.scalars + Self.lists + Self.lists.map { "\($0)[]" })
    if query.isCut { faults.append(FieldFault("query", "must have at most \(Self.parametersMaximum) parameters")) }
    for name in Self.scalars where query.pairs.count(where: { $0.name.hasSameBytes(as: name) }) > 1 {
      faults.append(FieldFault(name, "must be given once"))
    }
  }

  private mutating func filter(_ team: TeamID) -> AuditEntryFilter {
    var filter = AuditEntryFilter(limit: limit() ?? Self.usualLimit)
    // An entry's time is shown in whole seconds.
    filter.from = [second("effective_at[gt]", plus: 1), second("effective_at[gte]")].compactMap(\.self).max()
    filter.until = [second("effective_at[lte]", plus: 1), second("effective_at[lt]")].compactMap(\.self).min()
    if let types = list("event_types") {
      let actions = types.compactMap { text in Action.allCases.first { $0.rawValue.hasSameBytes(as: text) } }
      if actions.count < types.count {
        faults.append(
          FieldFault("event_types", "must be actions of log lines, such as \(Action.keyIssued.rawValue)"))
      }
      filter.actions = Set(actions)
    }
    filter.actors = list("actor_ids")
    filter.resources = list("resource_ids")
    filter.after = place("after", team)
    filter.before = place("before", team)
    return filter
  }

  private mutating func limit() -> Int? {
    guard let text = query["limit"] else { return nil }
    let range = 1...AuditEntryFilter.entriesMaximum
    guard let number = RecordQuery.wholeNumber(text), range.contains(number) else {
      faults.append(
        FieldFault("limit", "limit must be a whole number from \(range.lowerBound) to \(range.upperBound)"))
      return nil
    }
    return number
  }

  private mutating func second(_ name: String, plus more: Int64 = 0) -> Timestamp? {
    guard let text = query[name] else { return nil }
    guard let second = RecordQuery.wholeNumber(text).map(Int64.init), Self.seconds.contains(second) else {
      faults.append(FieldFault(name, "must be a time in Unix seconds, a whole number"))
      return nil
    }
    return Timestamp(microseconds: (second + more) * Timestamp.microsecondsPerSecond)
  }

  /// The values of a list, which comes as `a=1&a=2` and as `a[]=1`; nil where it is not there.
  private mutating func list(_ name: String) -> [String]? {
    let values = query.pairs.filter { $0.name.hasSameBytes(as: name) || $0.name.hasSameBytes(as: "\(name)[]") }
      .map(\.value)
    if values.contains("") { faults.append(FieldFault(name, "must not have an empty value")) }
    if values.count > Self.maximumValues {
      faults.append(FieldFault(name, "must have at most \(Self.maximumValues) values"))
    }
    return values.isEmpty ? nil : values
  }

  private mutating func place(_ name: String, _ team: TeamID) -> Int64? {
    guard let text = query[name] else { return nil }
    let place = AuditLogID.place(text, of: team)
    if place == nil { faults.append(FieldFault(name, "must be the id of an entry of this list")) }
    return place
  }
}
