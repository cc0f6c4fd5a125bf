/// A small generator of repeatable numbers: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014).
package struct SplitMix64: RandomNumberGenerator, Sendable {
  /// What the state grows by: 2^64 over the golden ratio.
  static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

  private var state: UInt64

  /// A generator of that seed: the same numbers for the same one, on every machine.
  package init(seed: UInt64) {
    state = seed
  }

  package mutating func next() -> UInt64 {
    state &+= Self.step
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
