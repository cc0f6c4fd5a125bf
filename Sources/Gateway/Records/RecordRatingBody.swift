import Ledger
package import LedgerStore

/// What `PATCH /v1/records/{uuid}` asks for (docs/http.md, records).
package struct RecordRatingBody: Sendable {
  private static let settings = ["rating", "feedback"]

  /// The change.
  package var change: RecordRating

  /// Reads a body. Throws 400 that names every faulty field, and where nothing is to be changed.
  package init(_ body: JSONObject) throws(GatewayError) {
    var reader = FieldReader(body)
    change = RecordRating(
      rating: reader.number("rating", in: RecordRating.ratings),
      feedback: reader.text("feedback", maximumBytes: RecordRating.feedbackBytesMaximum))
    reader.refuseOthers(than: RecordRatingBody.settings, of: "a record's change")
    try reader.check()
    try reader.requireOne(of: RecordRatingBody.settings)
  }
}

extension FieldReader {
  /// A text of at most so many bytes and without NUL, or null; `keep` where the field is not there.
  mutating func text(_ field: String, maximumBytes: Int) -> Change<String?> {
    switch object[field] {
    case nil: return .keep
    case .null: return .set(nil)
    case .string(let text) where text.utf8.count <= maximumBytes && !text.utf8.contains(0): return .set(text)
    default:
      fault(field, "must be a string of at most \(maximumBytes) bytes without NUL, or null")
      return .keep
    }
  }
}
