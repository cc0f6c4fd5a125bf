/// The `Retry-After` header: whole seconds, or a date (RFC 9110 section 10.2.3).
package enum RetryAfter {
  /// The longest wait that is believed, in seconds: a day.
  package static let maximumSeconds = 86_400

  /// The wait in seconds, from 0 to ``maximumSeconds``; nil where the header is missing or says nothing.
  ///
  /// - Parameters:
  ///   - header: the header's value.
  ///   - date: the answer's own `Date` header, which a date counts from: no clock of ours has a part in it.
  package static func seconds(_ header: String?, date: String?) -> Int? {
    guard let header else { return nil }
    let bytes = header.utf8.filter { $0 != 0x20 && $0 != 0x09 }
    if !bytes.isEmpty, bytes.allSatisfy({ (0x30...0x39).contains($0) }) {
      return min(Int(String(decoding: bytes, as: UTF8.self)) ?? maximumSeconds, maximumSeconds)
    }
    guard let date, let until = HTTPDate.seconds(header), let from = HTTPDate.seconds(date) else { return nil }
    return min(max(until - from, 0), maximumSeconds)
  }
}
