import Crypto
package import Ledger
package import LedgerStore
import TransparencyLog

/// Where a report goes on: the head that its numbers belong to, and the next bucket. Clients pass it back as it came
/// (`next_page`, `page`); nothing in it is secret, and nothing in it is believed but of the team that asks.
package struct ReportPageToken: Sendable, Hashable {
  /// What it belongs to: `ReportQuery.question`.
  package var question: [UInt8]
  /// Where the next bucket begins.
  package var next: Timestamp
  /// Where the report ends.
  package var end: Timestamp
  /// The zone in which it is cut.
  package var timeZone: String
  /// The head that its numbers belong to.
  package var asOf: UsagePosition

  /// The longest text that is looked at, in bytes.
  package static let maximumBytes = 600
  private static let version: UInt8 = 1
  private static let questionBytes = 16
  private static let checkBytes = 8

  /// A token of these.
  package init(question: [UInt8], next: Timestamp, end: Timestamp, timeZone: String, asOf: UsagePosition) {
    self.question = question
    self.next = next
    self.end = end
    self.timeZone = timeZone
    self.asOf = asOf
  }

  /// The token written as `text`; nil for what no token is.
  package init?(_ text: String) {
    guard text.utf8.count <= Self.maximumBytes, let bytes = Self.bytes(ofURLText: text), bytes.count > Self.checkBytes
    else { return nil }
    let content = bytes.dropLast(Self.checkBytes)
    guard Self.hash(Array(content)).prefix(Self.checkBytes).elementsEqual(bytes.suffix(Self.checkBytes)) else {
      return nil
    }
    var rest = content[...]
    guard Self.take(1, &rest) == [Self.version], let question = Self.take(Self.questionBytes, &rest),
      let next = Self.number(&rest), let end = Self.number(&rest), let size = Self.number(&rest),
      let at = Self.number(&rest), let root = Self.take(Digest32.byteCount, &rest).flatMap({ Digest32(bytes: $0) }),
      let zone = Self.text(&rest), let origin = Self.text(&rest), rest.isEmpty, size >= 1,
      0 <= at, at <= Timestamp.maximum.microseconds, 0 <= next, next < end, end <= Timestamp.maximum.microseconds,
      ZoneClock(zone) != nil
    else { return nil }
    self.init(
      question: question, next: Timestamp(microseconds: next), end: Timestamp(microseconds: end), timeZone: zone,
      asOf: UsagePosition(origin: origin, size: size, root: root, at: Timestamp(microseconds: at)))
  }

  /// The token as text: letters, digits, `-` and `_`.
  package var text: String {
    var bytes = [Self.version] + question
    for number in [next.microseconds, end.microseconds, asOf.size, asOf.at.microseconds] {
      withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
    }
    bytes += asOf.root.bytes
    for text in [timeZone, asOf.origin].map({ $0.utf8.prefix(Int(UInt8.max)) }) { bytes += [UInt8(text.count)] + text }
    bytes += Self.hash(bytes).prefix(Self.checkBytes)
    let text = Base64.encode(bytes).utf8.compactMap { byte -> UInt8? in
      switch byte {
      case UInt8(ascii: "+"): UInt8(ascii: "-")
      case UInt8(ascii: "/"): UInt8(ascii: "_")
      case UInt8(ascii: "="): nil
      default: byte
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The first half of the SHA-256 of these bytes.
  static func hash(_ bytes: [UInt8]) -> [UInt8] {
    Array(SHA256.hash(data: bytes).prefix(questionBytes))
  }

  private static func bytes(ofURLText text: String) -> [UInt8]? {
    var standard = text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "-"): UInt8(ascii: "+")
      case UInt8(ascii: "_"): UInt8(ascii: "/")
      // No character of ours: left out of the alphabet, so that each token has one text.
      case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): UInt8(0)
      default: byte
      }
    }
    standard += repeatElement(UInt8(ascii: "="), count: (4 - standard.count % 4) % 4)
    return Base64.decode(standard)
  }

  private static func take(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    guard rest.count >= count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  private static func number(_ rest: inout ArraySlice<UInt8>) -> Int64? {
    take(8, &rest).map { $0.reduce(0) { $0 << 8 | Int64($1) } }
  }

  private static func text(_ rest: inout ArraySlice<UInt8>) -> String? {
    guard let count = take(1, &rest)?.first, let bytes = take(Int(count), &rest) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }
}
