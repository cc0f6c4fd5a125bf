/// The name of a request in logs and answers: the client's own where it is harmless, else one of ours.
package enum RequestID {
  /// The longest that is taken from a client, in bytes.
  package static let maximumBytes = 128

  /// Whether a client's `X-Request-Id` can stand in a log line and a header: 1 to 128 letters, digits, `.`, `_`, `:`,
  /// `-`.
  package static func isAcceptable(_ text: String) -> Bool {
    guard (1...maximumBytes).contains(text.utf8.count) else { return false }
    return text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
  }
}
