/// The parts of an absolute http or https address, read by bytes and strictly: what two readers could understand
/// differently (RFC 3986 against what browsers do) is refused, since the one who fetches it is not the one who checks
/// it.
package struct URLText: Sendable, Equatable {
  /// The schemes that matter here.
  package enum Scheme: String, Sendable {
    /// Encrypted.
    case https
    /// Not encrypted.
    case http
  }

  /// The scheme.
  package var scheme: Scheme
  /// The host in lower case, without a dot at its end; brackets of an IPv6 literal included.
  package var host: String
  /// The port, where one is given.
  package var port: Int?
  /// The path as it is written, without the slash that it begins with, without query and fragment.
  package var path: String
  /// The query as it is written, without its question mark; nil: there is none.
  package var query: String?

  /// Reads an address. Throws `malformed`, `userinfo` or, for another scheme, `notHTTPS`.
  package init(_ text: String) throws(ImageAddressFault) {
    let bytes = Array(text.utf8)
    guard let schemeEnd = URLText.schemeEnd(bytes) else { throw .notHTTPS }
    guard let scheme = Scheme(rawValue: String(decoding: bytes[..<schemeEnd], as: UTF8.self).lowercased()) else {
      throw .notHTTPS
    }
    self.scheme = scheme
    let rest = bytes[(schemeEnd + 1)...]
    guard rest.starts(with: "//".utf8), !bytes.contains(UInt8(ascii: "\\")),
      bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
    else { throw .malformed }
    let authorityStart = rest.startIndex + 2
    let authorityEnd = bytes[authorityStart...].firstIndex { URLText.endsAuthority($0) } ?? bytes.endIndex
    let authority = bytes[authorityStart..<authorityEnd]
    guard !authority.contains(UInt8(ascii: "@")) else { throw .userinfo }
    (host, port) = try URLText.hostAndPort(authority)
    let pathEnd = bytes[authorityEnd...].firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
    let path = bytes[authorityEnd..<(pathEnd ?? bytes.endIndex)].dropFirst()
    self.path = String(decoding: path, as: UTF8.self)
    guard let pathEnd, bytes[pathEnd] == UInt8(ascii: "?") else { return }
    let query = bytes[(pathEnd + 1)...].prefix { $0 != UInt8(ascii: "#") }
    self.query = String(decoding: query, as: UTF8.self)
  }

  /// Whether the text begins with a scheme (RFC 3986 section 3.1), so that it is an address and not a storage key.
  package static func hasScheme(_ text: String) -> Bool {
    schemeEnd(Array(text.utf8)) != nil
  }

  /// The position of the colon behind the scheme.
  private static func schemeEnd(_ bytes: [UInt8]) -> Int? {
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), let first = bytes.first, isLetter(first) else {
      return nil
    }
    let isScheme = bytes[..<colon].allSatisfy { byte in
      isLetter(byte) || isDigit(byte) || "+-.".utf8.contains(byte)
    }
    return isScheme ? colon : nil
  }

  private static func endsAuthority(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
  }

  private static func hostAndPort(_ authority: ArraySlice<UInt8>) throws(ImageAddressFault) -> (String, Int?) {
    let isLiteral = authority.first == UInt8(ascii: "[")
    let hostEnd: Int
    if isLiteral {
      guard let bracket = authority.firstIndex(of: UInt8(ascii: "]")) else { throw .malformed }
      hostEnd = bracket + 1
    } else {
      hostEnd = authority.firstIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
    }
    var host = authority[..<hostEnd]
    let isWellFormed = host.allSatisfy { byte in
      isLetter(byte) || isDigit(byte) || (isLiteral ? "[]:." : "-._").utf8.contains(byte)
    }
    // One dot at the end only says that the name is complete.
    if !isLiteral, host.last == UInt8(ascii: ".") { host.removeLast() }
    guard isWellFormed, !host.isEmpty else { throw .malformed }
    let text = String(decoding: host, as: UTF8.self).lowercased()
    let rest = authority[hostEnd...]
    guard let colon = rest.first else { return (text, nil) }
    let digits = rest.dropFirst()
    guard colon == UInt8(ascii: ":"), (1...5).contains(digits.count), digits.allSatisfy(isDigit),
      let port = Int(String(decoding: digits, as: UTF8.self)), (1...65_535).contains(port)
    else { throw .malformed }
    return (text, port)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}

/// Percent-encoding (RFC 3986 section 2.1).
package enum PercentCoding {
  /// The text with its escapes replaced, once; nil where one is broken, stands for a control character, or the result
  /// is not UTF-8.
  package static func decode(_ text: String) -> String? {
    let bytes = Array(text.utf8)
    guard bytes.contains(UInt8(ascii: "%")) else { return text }
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var position = 0
    while position < bytes.count {
      guard bytes[position] == UInt8(ascii: "%") else {
        decoded.append(bytes[position])
        position += 1
        continue
      }
      guard position + 2 < bytes.count, let high = hexadecimalValue(bytes[position + 1]),
        let low = hexadecimalValue(bytes[position + 2]), high << 4 | low >= 0x20
      else { return nil }
      decoded.append(high << 4 | low)
      position += 3
    }
    return String(validating: decoded, as: UTF8.self)
  }
}
