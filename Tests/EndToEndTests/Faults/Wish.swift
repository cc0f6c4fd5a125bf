import TallyTesting

/// One edit that a client wants, under one Idempotency-Key however often and wherever it is sent.
struct Wish: Hashable, Sendable {
  var member: FaultMember
  var key: String
  var body: String
}

/// Who sends: a member's key, and whom it belongs to.
struct FaultMember: Hashable, Sendable {
  var team: String
  var user: String
  var key: String
}

/// What a client heard of a wish.
enum Heard: Hashable, Sendable {
  /// The edit was done: a 200 with the record's uuid.
  case done(record: String)
  /// Refused for want of credits, with the whole answer.
  case refused(String)
  /// The upstream did not do it, and nothing was charged: status and errorCode.
  case failed(String)
  /// Nothing that settles the matter: in doubt, in progress, too busy, or no answer at all.
  case nothing
  /// Something that must never be answered.
  case wrong(String)

  /// Whether the same wish must never hear anything else.
  var isFinal: Bool {
    switch self {
    case .done, .refused, .failed: true
    case .nothing, .wrong: false
    }
  }

  /// Reads an answer (docs/http.md; which outcomes are given again, docs/ledger.md).
  init(_ answer: HTTP.Answer) {
    let code = answer.json["errorCode"].string ?? ""
    switch answer.status {
    case 200:
      self = answer.json["aiRecord"]["uuid"].string.map { .done(record: $0) } ?? .wrong("200 \(answer.text)")
    case 406: self = .refused(answer.text)
    case 400: self = .failed("400 \(code)")
    case 502 where answer.json["details"].parsed["state"].string == "released" && code != "UPSTREAM_ACCOUNT":
      self = .failed("502 \(code)")
    case 403, 409, 429, 502, 503, 504: self = .nothing
    default: self = .wrong("\(answer.status) \(answer.text)")
    }
  }
}
