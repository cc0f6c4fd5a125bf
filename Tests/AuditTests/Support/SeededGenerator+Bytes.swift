import TallyTesting

extension SeededGenerator {
  /// Any bytes.
  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }

  /// Changes `bytes` at one place: flips, takes out, puts in, cuts off or doubles some of them.
  mutating func damage(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return bytes.append(UInt8(truncatingIfNeeded: next())) }
    let place = Int.random(in: bytes.indices, using: &self)
    switch Int.random(in: 0..<6, using: &self) {
    case 0: bytes[place] = UInt8(truncatingIfNeeded: next())
    case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
    case 2: bytes.remove(at: place)
    case 3: bytes.insert(UInt8(truncatingIfNeeded: next()), at: place)
    case 4: bytes.removeLast(min(bytes.count, Int.random(in: 1...40, using: &self)))
    default:
      let end = min(bytes.count, place + Int.random(in: 1...80, using: &self))
      bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: bytes.indices, using: &self))
    }
  }
}
