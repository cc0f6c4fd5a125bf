/// An id of 16 bytes, written as a lowercase UUID, that cannot be mistaken for an id of another kind.
///
/// The ledger never makes an id: they come in with the commands. They are Tally's own random ones, so they may stand
/// in log lines, which hold nothing personal (docs/audit.md).
///
/// It keeps two halves and no `UInt128`: on x86-64, Swift 6.3 returns wrongly from an `async` function among whose
/// arguments on the stack there is a `UInt128` and an odd number of other words, and ids are arguments everywhere.
package struct Identifier<Tag>: Hashable, Sendable {
  private var high: UInt64
  private var low: UInt64

  /// The 16 bytes, the first of the text being the highest.
  @inline(__always)
  package var bits: UInt128 {
    get { UInt128(high) << 64 | UInt128(low) }
    set {
      high = UInt64(truncatingIfNeeded: newValue >> 64)
      low = UInt64(truncatingIfNeeded: newValue)
    }
  }

  /// The id with these 16 bytes.
  package init(bits: UInt128) {
    high = UInt64(truncatingIfNeeded: bits >> 64)
    low = UInt64(truncatingIfNeeded: bits)
  }

  /// The id written as `text`: 8-4-4-4-12 hexadecimal digits in either case; nil for anything else.
  package init?(_ text: some StringProtocol) {
    var bits: UInt128 = 0
    var position = 0
    for byte in text.utf8 {
      if UUIDText.isDash(at: position) {
        guard byte == UInt8(ascii: "-") else { return nil }
      } else {
        guard position < UUIDText.byteCount, let digit = Hexadecimal.value(ofAnyCase: byte) else { return nil }
        bits = bits << 4 | UInt128(digit)
      }
      position += 1
    }
    guard position == UUIDText.byteCount else { return nil }
    self.init(bits: bits)
  }
}

extension Identifier {
  /// What dictionaries ask for. The ledger looks up ids for each line of a log, and the library's hash takes several times as
  /// long as this one: both halves, each mixed with a secret of the process, multiplied into one another, and what comes of it
  /// multiplied once more, since the first product alone leaves ids that differ in one half in rows. Others cannot choose ids
  /// that fall to one place without the secret.
  package func _rawHashValue(seed: Int) -> Int {
    let secret = IdentifierSecret.words
    let once = Identifier.folded(high ^ secret.0, low ^ secret.1 ^ UInt64(truncatingIfNeeded: seed))
    return Int(truncatingIfNeeded: Identifier.folded(once ^ secret.1, 0x9E37_79B9_7F4A_7C15))
  }

  /// Both halves of a product, laid over each other (as in wyhash).
  @inline(__always)
  private static func folded(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}

/// Random words of this process.
private enum IdentifierSecret {
  static let words = (UInt64.random(in: 1...(.max)), UInt64.random(in: 1...(.max)))
}

extension Identifier: Comparable {
  /// Orders ids by their bytes, which is the order of their texts too.
  package static func < (left: Identifier, right: Identifier) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

extension Identifier {
  /// Bytes of its text.
  package static var textByteCount: Int { UUIDText.byteCount }

  /// Writes its text, the lowercase UUID, where there is room for `textByteCount` bytes.
  package func write(to text: UnsafeMutablePointer<UInt8>) {
    let text = UnsafeMutableRawPointer(text)
    let second = Hexadecimal.digits(of: UInt32(truncatingIfNeeded: high))
    let third = Hexadecimal.digits(of: UInt32(truncatingIfNeeded: low >> 32))
    text.storeBytes(of: Hexadecimal.digits(of: UInt32(truncatingIfNeeded: high >> 32)), as: UInt64.self)
    text.storeBytes(of: UInt32(truncatingIfNeeded: second), toByteOffset: 9, as: UInt32.self)
    text.storeBytes(of: UInt32(truncatingIfNeeded: second >> 32), toByteOffset: 14, as: UInt32.self)
    text.storeBytes(of: UInt32(truncatingIfNeeded: third), toByteOffset: 19, as: UInt32.self)
    text.storeBytes(of: UInt32(truncatingIfNeeded: third >> 32), toByteOffset: 24, as: UInt32.self)
    text.storeBytes(
      of: Hexadecimal.digits(of: UInt32(truncatingIfNeeded: low)), toByteOffset: 28, as: UInt64.self)
    text.storeBytes(of: UInt8(ascii: "-"), toByteOffset: 8, as: UInt8.self)
    text.storeBytes(of: UInt8(ascii: "-"), toByteOffset: 13, as: UInt8.self)
    text.storeBytes(of: UInt8(ascii: "-"), toByteOffset: 18, as: UInt8.self)
    text.storeBytes(of: UInt8(ascii: "-"), toByteOffset: 23, as: UInt8.self)
  }
}

extension Identifier: CustomStringConvertible {
  /// The lowercase UUID.
  package var description: String {
    String(unsafeUninitializedCapacity: UUIDText.byteCount) { buffer in
      UUIDText.write(bits) { position, byte in buffer[position] = byte }
      return UUIDText.byteCount
    }
  }
}

/// The kinds of ids; never made, they only tell ids apart.
package enum IdentifierKind {
  /// A team.
  package enum Team {}
  /// A member of a team.
  package enum Member {}
  /// An API key.
  package enum Key {}
  /// One edit.
  package enum Record {}
  /// One run of a gateway.
  package enum Instance {}
  /// Something that happened beside the books.
  package enum Note {}
}

/// The id of a team.
package typealias TeamID = Identifier<IdentifierKind.Team>
/// The id of a member; the administrator's own name for the member is personal and stands in the private payload.
package typealias MemberID = Identifier<IdentifierKind.Member>
/// The id of an API key; never the key itself nor its hash.
package typealias KeyID = Identifier<IdentifierKind.Key>
/// The id of an edit's record: the `uuid` of its aiRecord.
package typealias RecordID = Identifier<IdentifierKind.Record>
/// The id of a gateway's run, new at each start (docs/ledger.md, dispatch note).
package typealias InstanceID = Identifier<IdentifierKind.Instance>
/// The id of something that happened beside the books: an export, an erasure. Its line is appended once.
package typealias NoteID = Identifier<IdentifierKind.Note>
