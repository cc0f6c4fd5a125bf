/// An id of 16 bytes, written as a lowercase UUID, that cannot be mistaken for an id of another kind.
///
/// The ledger never makes an id: they come in with the commands. They are Tally's own random ones, so they may stand
/// in log lines, which hold nothing personal (docs/audit.md).
package struct Identifier<Tag>: Hashable, Sendable {
  /// The 16 bytes, the first of the text being the highest.
  package var bits: UInt128

  /// The id with these 16 bytes.
  package init(bits: UInt128) {
    self.bits = bits
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
    self.bits = bits
  }
}

extension Identifier: Comparable {
  /// Orders ids by their bytes, which is the order of their texts too.
  package static func < (left: Identifier, right: Identifier) -> Bool {
    left.bits < right.bits
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
