/// What a client names a request and its retries with (docs/http.md): 1 to 255 printable ASCII characters, with or
/// without quotes around them, as clients of the draft standard send it.
package struct IdempotencyKey: Sendable, Equatable {
  /// The longest key, in bytes.
  package static let maximumBytes = 255

  /// The key without quotes.
  package var text: String

  /// Reads a header's value; nil where it is no key.
  package init?(_ value: String) {
    var bytes = Array(value.utf8)[...]
    if bytes.count >= 2, bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\"") {
      bytes = bytes.dropFirst().dropLast()
    }
    guard (1...IdempotencyKey.maximumBytes).contains(bytes.count), bytes.allSatisfy({ (0x20...0x7E).contains($0) })
    else { return nil }
    text = String(decoding: bytes, as: UTF8.self)
  }
}
