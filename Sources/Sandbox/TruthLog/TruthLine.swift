/// One call that reached the sandbox, as a checker later compares it with the ledger (docs/command-line.md).
struct TruthLine: Sendable, Equatable {
  enum Kind: String, Sendable {
    case edit = "IMAGE_EDITOR"
    case asset = "ASSET"
    case result = "RESULT"
  }

  var at: UTCTime
  var kind: Kind
  /// The sandbox's id of the edit or of the stored file; nil where none was made.
  var uuid: String?
  /// The caller's `X-Request-Id`.
  var requestID: String?
  /// Whether work was done that an upstream would bill.
  var worked: Bool
  /// What that work costs, in credits.
  var credits: Int64
  /// The status that was answered; nil where no answer was given.
  var answered: Int?

  /// The line as JSON, with its line end.
  var json: String {
    let text = JSONWriter()
    text.raw("{\"at\":").string(at.text)
    text.raw(",\"type\":").string(kind.rawValue)
    text.raw(",\"uuid\":").string(uuid)
    text.raw(",\"requestId\":").string(requestID)
    text.raw(",\"worked\":").raw(worked ? "true" : "false")
    text.raw(",\"credits\":").raw(String(credits))
    text.raw(",\"answered\":").raw(answered.map(String.init) ?? "null")
    text.raw("}\n")
    return text.text
  }
}
