import Crypto
package import Ledger

/// The text that a member proves itself with: `tally_`, 30 random base62 characters, and 6 base62 characters of their
/// CRC-32, so that a mistyped or invented key is refused without a look into the database (docs/http.md, API keys).
///
/// However it is printed, only a placeholder shows. The store only ever sees ``hash``.
package struct APIKey: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// What every key begins with, so that scanners for leaked secrets find it.
  package static let prefix = "tally_"
  /// Random characters: 178 bits.
  package static let randomCount = 30
  /// Characters of the checksum: six base62 digits hold 32 bits.
  package static let checksumCount = 6

  /// The key itself: to be shown once, to its owner.
  package let text: String

  /// Takes a key as a client sent it; nil where its form or its checksum is wrong.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    let randomStart = APIKey.prefix.utf8.count
    guard bytes.count == randomStart + APIKey.randomCount + APIKey.checksumCount,
      bytes.starts(with: APIKey.prefix.utf8)
    else { return nil }
    let random = bytes[randomStart..<(randomStart + APIKey.randomCount)]
    guard random.allSatisfy(Base62.isDigit),
      bytes.suffix(APIKey.checksumCount).elementsEqual(APIKey.checksum(of: random))
    else { return nil }
    self.text = text
  }

  private init(random: [UInt8]) {
    text = APIKey.prefix + String(decoding: random + APIKey.checksum(of: random[...]), as: UTF8.self)
  }

  /// A new key. `generator` must be one that nobody can foresee, such as the system's.
  package static func generate(using generator: inout some RandomNumberGenerator) -> APIKey {
    APIKey(random: (0..<randomCount).map { _ in Base62.digit(.random(in: 0..<62, using: &generator)) })
  }

  /// The checksum's characters for the random part: its CRC-32 in base62, with zeros in front.
  static func checksum(of random: ArraySlice<UInt8>) -> [UInt8] {
    Base62.digits(of: CRC32.checksum(of: random), count: checksumCount)
  }

  /// SHA-256 of the whole text: what is stored, and what a key is found by.
  package var hash: Digest32 {
    // A SHA-256 always has 32 bytes, so the fallback is never taken.
    Digest32(bytes: Array(SHA256.hash(data: Array(text.utf8)))) ?? .zero
  }

  /// The last characters, so that people can tell keys apart: part of the checksum, so nothing of the secret is lost.
  package var hint: String {
    String(decoding: Array(text.utf8.suffix(4)), as: UTF8.self)
  }

  /// A placeholder, since texts end up in logs.
  package var description: String { "<redacted>" }
  /// A placeholder, as ``description``.
  package var debugDescription: String { "<redacted>" }
  /// Nothing, so that dumps show no more than ``description``.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
