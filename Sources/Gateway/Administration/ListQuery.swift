/// A page that a listing asks for: `limit` and `after` (docs/http.md, lists).
package struct ListQuery: Sendable, Equatable {
  /// Elements of one page.
  package static let limits = 1...100
  /// Elements of a page whose size is not given.
  package static let defaultLimit = 20

  /// How many at most.
  package var limit = defaultLimit
  /// What the page before ended with; nil: the first page.
  package var after: String?

  /// Reads a query. Throws 400 that names every parameter that is unknown or out of its range.
  package init(_ query: QueryParameters) throws(GatewayError) {
    var faults = query.faults(otherThan: ["limit", "after"])
    if let text = query["limit"] {
      if let limit = RecordQuery.wholeNumber(text), ListQuery.limits.contains(limit) {
        self.limit = limit
      } else {
        faults.append(
          FieldFault(
            "limit",
            "limit must be a whole number from \(ListQuery.limits.lowerBound) to \(ListQuery.limits.upperBound)"))
      }
    }
    after = query["after"]
    guard faults.isEmpty else { throw .invalid(faults) }
  }
}
