/// A random generator that gives the same numbers for the same seed on every machine (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// True so many times in a thousand.
  mutating func chance(_ perMille: Int) -> Bool {
    perMille > 0 && below(1_000) < perMille
  }

  /// A number from 0 on, below `bound`.
  mutating func below(_ bound: Int) -> Int {
    Int(truncatingIfNeeded: next() % UInt64(bound))
  }

  /// A number of the range.
  mutating func int(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.count)
  }

  /// A span between two numbers of milliseconds, to the microsecond.
  mutating func milliseconds(_ range: ClosedRange<Int>) -> Duration {
    .microseconds(range.lowerBound * 1_000 + below(range.count * 1_000))
  }

  /// One of the elements, of which there must be one.
  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }

  /// Bits for an id.
  mutating func bits() -> UInt128 {
    UInt128(next()) << 64 | UInt128(next())
  }
}
