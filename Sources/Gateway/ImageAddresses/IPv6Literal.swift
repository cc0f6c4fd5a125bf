/// An IPv6 address as it stands between brackets (RFC 4291 section 2.2), without a zone.
package struct IPv6Literal: Sendable, Equatable {
  /// The address.
  package var bits: UInt128

  /// An address.
  package init(bits: UInt128) {
    self.bits = bits
  }

  /// Reads the literal; nil for any other form, a zone included.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard let gap = IPv6Literal.firstDoubleColon(bytes) else {
      guard let groups = IPv6Literal.groups(bytes[...]), groups.count == 8 else { return nil }
      bits = IPv6Literal.bits(groups)
      return
    }
    guard let head = IPv6Literal.groups(bytes[..<gap]), let tail = IPv6Literal.groups(bytes[(gap + 2)...]),
      head.count + tail.count < 8
    else { return nil }
    let zeros = [UInt16](repeating: 0, count: 8 - head.count - tail.count)
    bits = IPv6Literal.bits(head + zeros + tail)
  }

  private static func firstDoubleColon(_ bytes: [UInt8]) -> Int? {
    bytes.indices.dropLast().first { bytes[$0] == UInt8(ascii: ":") && bytes[$0 + 1] == UInt8(ascii: ":") }
  }

  private static func bits(_ groups: [UInt16]) -> UInt128 {
    groups.reduce(0) { $0 << 16 | UInt128($1) }
  }

  /// The groups between single colons; the last may be an IPv4 literal, which makes two.
  private static func groups(_ bytes: ArraySlice<UInt8>) -> [UInt16]? {
    guard !bytes.isEmpty else { return [] }
    var groups: [UInt16] = []
    let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    for (position, part) in parts.enumerated() {
      if part.contains(UInt8(ascii: ".")) {
        guard position == parts.count - 1, let address = IPv4Literal(String(decoding: part, as: UTF8.self)) else {
          return nil
        }
        groups.append(UInt16(address.bits >> 16))
        groups.append(UInt16(truncatingIfNeeded: address.bits))
      } else {
        guard (1...4).contains(part.count), part.allSatisfy({ hexadecimalValue($0) != nil }) else { return nil }
        groups.append(part.reduce(0) { $0 << 4 | UInt16(hexadecimalValue($1) ?? 0) })
      }
    }
    return groups.count <= 8 ? groups : nil
  }

  /// What of the global unicast addresses is not for the public, as prefix and its length: protocol assignments with
  /// Teredo, documentation, and 6to4, which wraps any IPv4 address.
  private static let reserved: [(prefix: UInt128, length: UInt128)] = [
    (0x2001_0000 << 96, 23), (0x2001_0DB8 << 96, 32), (0x2002_0000 << 96, 16), (0x3FFF_0000 << 96, 20),
  ]

  /// Whether anybody may name it. Only global unicast addresses (2000::/3) can be: loopback, unique local, link-local,
  /// multicast, mapped, compatible and translated IPv4 all lie outside.
  package var isPublic: Bool {
    guard bits >> 125 == 1 else { return false }
    return !IPv6Literal.reserved.contains { bits >> (128 - $0.length) == $0.prefix >> (128 - $0.length) }
  }
}
