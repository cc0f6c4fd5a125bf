import Glibc

/// Where the randomness of property tests comes from: new each time, and the same again when a failure is looked into.
enum TestSeed {
  /// The seed in `TALLY_TEST_SEED` alone when it is set, else this many new ones. A test prints its seed when it fails, as its argument.
  static func seeds(count: Int) -> [UInt64] {
    if let text = getenv("TALLY_TEST_SEED"), let seed = UInt64(String(cString: text)) { return [seed] }
    return (0..<count).map { _ in UInt64.random(in: .min ... .max) }
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, and good enough to choose test steps with.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}
