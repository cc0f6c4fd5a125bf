/// A page that a listing asks for: `limit` and `after` (docs/http.md, lists).
package struct ListQuery: Sendable, Equatable {
  /// Elements of one page.
  package static let limits = 1...100
  /// Elements of a page whose size is not given.
  package static let defaultLimit = 20
  private static let known = ["limit", "after"]

  /// How many at most.
  package var limit = defaultLimit
  /// What the page before ended with; nil: the first page.
  package var after: String?

  /// Reads a query. Throws 400 that names every parameter that is unknown, given twice or out of its range.
  package init(_ query: QueryParameters) throws(GatewayError) {
    var faults = query.faults(otherThan: Self.known) + query.faults(repeating: Self.known)
    if let text = query["limit"] {
      if let limit = RecordQuery.wholeNumber(text), ListQuery.limits.contains(limit) {
        self.limit = limit
      } else {
        faults.append(
          FieldFault(
            "limit",
            "must be a whole number from \(ListQuery.limits.lowerBound) to \(ListQuery.limits.upperBound)"))
      }
    }
    after = query["after"]
    guard faults.isEmpty else { throw .invalid(faults) }
  }
}
