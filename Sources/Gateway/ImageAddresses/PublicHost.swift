/// Tells hosts that anybody may name from those that lead into a private network.
///
/// Names are judged by their form only: the gateway fetches nothing, so it resolves nothing.
package enum PublicHost {
  /// Domains that exist only inside of somebody's network, or on the machine itself (RFC 6761, RFC 6762, RFC 8375, and
  /// what routers and clouds are known to use).
  private static let localDomains = [
    "localhost", "local", "localdomain", "internal", "intranet", "private", "lan", "home", "corp", "svc", "arpa",
    "test", "invalid", "onion",
  ]

  /// Whether `host`, in lower case and without a dot at its end, may be named; an IPv6 literal stands in brackets.
  package static func isPublic(_ host: String) -> Bool {
    if host.utf8.first == UInt8(ascii: "[") {
      guard host.utf8.last == UInt8(ascii: "]") else { return false }
      return IPv6Literal(String(decoding: Array(host.utf8.dropFirst().dropLast()), as: UTF8.self))?.isPublic ?? false
    }
    let labels = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard let last = labels.last else { return false }
    if isNumber(last) {
      return IPv4Literal(host)?.isPublic ?? false
    }
    guard labels.count > 1, labels.allSatisfy({ (1...63).contains($0.count) }) else { return false }
    return !localDomains.contains { last.elementsEqual($0.utf8) }
  }

  /// Whether a label is read as a number by those who take `0x7f.1` for an address (WHATWG URL, "ends in a number").
  private static func isNumber(_ label: Substring.UTF8View) -> Bool {
    let digits = (UInt8(ascii: "0")...UInt8(ascii: "9"))
    if label.starts(with: "0x".utf8) { return label.dropFirst(2).allSatisfy { hexadecimalValue($0) != nil } }
    return label.allSatisfy { digits.contains($0) }
  }
}

/// An IPv4 address written the one way that all readers agree on: four decimal numbers without zeros in front. Octal,
/// hexadecimal and short forms are no such literal, since they mean one address to one reader and another to the next.
package struct IPv4Literal: Sendable, Equatable {
  /// The address.
  package var bits: UInt32

  /// An address.
  package init(bits: UInt32) {
    self.bits = bits
  }

  /// Reads the literal; nil for any other form.
  package init?(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    bits = 0
    for part in parts {
      guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0"),
        part.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
        let number = UInt8(String(decoding: Array(part), as: UTF8.self))
      else { return nil }
      bits = bits << 8 | UInt32(number)
    }
  }

  /// What is not for the public: the IANA registry of special-purpose addresses, multicast, and the metadata and
  /// platform addresses of clouds, as network and length of its prefix.
  private static let reserved: [(network: UInt32, length: UInt32)] = [
    (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8), (0xA9FE_0000, 16), (0xAC10_0000, 12),
    (0xC000_0000, 24), (0xC000_0200, 24), (0xC01F_C400, 24), (0xC034_C100, 24), (0xC058_6300, 24), (0xC0A8_0000, 16),
    (0xC0AF_3000, 24), (0xC612_0000, 15), (0xC633_6400, 24), (0xCB00_7100, 24), (0xA83F_8110, 32), (0xE000_0000, 3),
  ]

  /// Whether anybody may name it.
  package var isPublic: Bool {
    !IPv4Literal.reserved.contains { bits >> (32 - $0.length) == $0.network >> (32 - $0.length) }
  }
}
