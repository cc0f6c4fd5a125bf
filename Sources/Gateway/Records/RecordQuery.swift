import Ledger
package import LedgerStore

/// What `GET /v1/records` asks for, read from the query (docs/http.md, lists).
package enum RecordQuery {
  /// Records of one page.
  package static let limits = 1...100
  /// Records of a page whose size is not given.
  package static let defaultLimit = 20
  private static let known = ["limit", "after", "status", "userId"]

  /// The filter. Throws 400 that names every parameter that is unknown, given twice or out of its range.
  package static func filter(_ query: QueryParameters) throws(GatewayError) -> RecordFilter {
    var faults = query.faults(otherThan: known) + query.faults(repeating: known)
    var filter = RecordFilter(limit: defaultLimit, userID: query["userId"])
    if let text = query["limit"] {
      if let limit = wholeNumber(text), limits.contains(limit) {
        filter.limit = limit
      } else {
        faults.append(FieldFault("limit", "must be a whole number from 1 to 100"))
      }
    }
    if let text = query["after"] {
      filter.after = RecordID(text)
      if filter.after == nil { faults.append(FieldFault("after", "must be the uuid of a record")) }
    }
    if let text = query["status"] {
      filter.states = RecordView.states(named: text)
      if filter.states == nil {
        faults.append(FieldFault("status", "must be one of SUCCESS, PROCESSING, FAILURE, REFUSED"))
      }
    }
    guard faults.isEmpty else { throw .invalid(faults) }
    return filter
  }

  /// Plain digits only: `Int` would also take a sign.
  static func wholeNumber(_ text: String) -> Int? {
    guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
    return Int(text)
  }
}
