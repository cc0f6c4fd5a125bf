/// Numbers in the digits 0-9, A-Z, a-z.
enum Base62 {
  private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  /// The digit of a value below 62.
  static func digit(_ value: Int) -> UInt8 {
    alphabet[value]
  }

  /// Whether the byte is one of the 62 digits.
  static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }

  /// A number in exactly `count` digits, the highest first, with zeros in front.
  static func digits(of number: UInt32, count: Int) -> [UInt8] {
    var digits = [UInt8](repeating: alphabet[0], count: count)
    var rest = number
    for position in stride(from: count - 1, through: 0, by: -1) {
      digits[position] = alphabet[Int(rest % 62)]
      rest /= 62
    }
    return digits
  }
}

/// The CRC-32 of gzip and PNG (ISO 3309): polynomial 0xEDB88320, reflected.
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
  }

  /// The checksum of some bytes.
  static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
  }
}
