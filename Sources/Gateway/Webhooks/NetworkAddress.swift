/// An address of the internet's, of either kind, as numbers: what is checked before it is connected to.
package enum NetworkAddress: Sendable, Hashable {
  /// An IPv4 address.
  case v4(UInt32)
  /// An IPv6 address.
  case v6(UInt128)

  /// Reads an address as a URL's host writes it, an IPv6 one between brackets; nil for a name, and for every form that not
  /// all readers understand alike.
  package init?(host: String) {
    if let literal = IPv4Literal(host) {
      self = .v4(literal.bits)
    } else if host.utf8.first == UInt8(ascii: "["), host.utf8.last == UInt8(ascii: "]"),
      let literal = IPv6Literal(String(decoding: Array(host.utf8.dropFirst().dropLast()), as: UTF8.self))
    {
      self = .v6(literal.bits)
    } else {
      return nil
    }
  }

  /// Whether anybody may name it. An IPv4 address inside of an IPv6 one is not public, however it was put there.
  package var isPublic: Bool {
    switch self {
    case .v4(let bits): IPv4Literal(bits: bits).isPublic
    case .v6(let bits): IPv6Literal(bits: bits).isPublic
    }
  }
}

/// A block of addresses in CIDR notation (RFC 4632): the leading bits that all of them share.
package struct AddressBlock: Sendable, Hashable {
  private let first: NetworkAddress
  private let length: Int

  /// Reads `10.0.0.0/8`, `fd00::/8`, or one address, with or without brackets. Nil for any other form, and for a block
  /// whose first address has bits behind the prefix: somebody means something else than is written.
  package init?(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard let host = parts.first.map({ String(decoding: Array($0), as: UTF8.self) }), parts.count <= 2 else {
      return nil
    }
    let isBare = host.utf8.contains(UInt8(ascii: ":")) && host.utf8.first != UInt8(ascii: "[")
    guard let address = NetworkAddress(host: isBare ? "[\(host)]" : host) else { return nil }
    let width =
      switch address {
      case .v4: 32
      case .v6: 128
      }
    var length = width
    if parts.count == 2 {
      guard (1...3).contains(parts[1].count), parts[1].allSatisfy({ (0x30...0x39).contains($0) }),
        let number = Int(String(decoding: Array(parts[1]), as: UTF8.self)), number <= width
      else { return nil }
      length = number
    }
    first = address
    self.length = length
    let isFirst =
      switch address {
      case .v4(let bits): bits & Self.rest(32 - length, of: UInt32.self) == 0
      case .v6(let bits): bits & Self.rest(128 - length, of: UInt128.self) == 0
      }
    guard isFirst else { return nil }
  }

  /// Whether the address lies in it. One of the other kind never does.
  package func contains(_ address: NetworkAddress) -> Bool {
    switch (first, address) {
    case (.v4(let first), .v4(let bits)): (first ^ bits) & ~Self.rest(32 - length, of: UInt32.self) == 0
    case (.v6(let first), .v6(let bits)): (first ^ bits) & ~Self.rest(128 - length, of: UInt128.self) == 0
    default: false
    }
  }

  /// A number whose lowest `count` bits are set.
  private static func rest<Bits: FixedWidthInteger & UnsignedInteger>(_ count: Int, of _: Bits.Type) -> Bits {
    count == 0 ? 0 : Bits.max >> Bits(Bits.bitWidth - count)
  }
}
