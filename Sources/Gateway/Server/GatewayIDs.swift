package import Ledger

/// Where the gateway's ids come from; a parameter, so that tests decide them.
package struct GatewayIDs: Sendable {
  /// 128 bits that nobody can foresee.
  package var randomBits: @Sendable () -> UInt128

  /// Ids made of these bits.
  package init(randomBits: @escaping @Sendable () -> UInt128) {
    self.randomBits = randomBits
  }

  /// The system's random numbers.
  package static let system = GatewayIDs(randomBits: { UInt128.random(in: .min ... .max) })

  /// A record's id: a UUID of version 7 (RFC 9562 section 5.7). It begins with the milliseconds of `now`, so that the
  /// database appends to its indexes instead of writing all over them.
  package func record(at now: Timestamp) -> RecordID {
    let milliseconds = UInt128(truncatingIfNeeded: max(0, now.microseconds / 1_000)) & 0xFFFF_FFFF_FFFF
    let random = randomBits() & GatewayIDs.randomMask
    return RecordID(bits: milliseconds << 80 | random | 7 << 76 | 2 << 62)
  }

  /// A name that collides with nothing: a UUID of version 4 as text.
  package func name() -> String {
    id(Never.self).description
  }

  /// A new random id: a UUID of version 4 (RFC 9562 section 5.4).
  package func id<Kind>(_: Kind.Type = Kind.self) -> Identifier<Kind> {
    let clear: UInt128 = 0xF << 76 | 3 << 62
    return Identifier(bits: randomBits() & ~clear | 4 << 76 | 2 << 62)
  }

  /// A new API key.
  package func apiKey() -> APIKey {
    var generator = BitGenerator(bits: randomBits)
    return APIKey.generate(using: &generator)
  }

  /// The ids' random bits for what takes a generator.
  private struct BitGenerator: RandomNumberGenerator {
    let bits: @Sendable () -> UInt128

    mutating func next() -> UInt64 {
      UInt64(truncatingIfNeeded: bits())
    }
  }

  /// All bits of a version 7 UUID that are random.
  private static let randomMask: UInt128 = (0xFFF << 64) | (1 << 62 - 1)
}
