import TallyTesting
import TransparencyLog

extension SeededGenerator {
  /// Any hash.
  mutating func digest() -> Digest {
    LeafHash.hash(bytes(count: 16))
  }

  /// Any bytes.
  mutating func bytes(count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
  }

  /// `text` with one to four changes: bytes flipped, taken out, put in, doubled, or cut off.
  mutating func mutation(of text: [UInt8]) -> [UInt8] {
    var text = text
    for _ in 0..<Int.random(in: 1...4, using: &self) where !text.isEmpty {
      let place = Int.random(in: 0..<text.count, using: &self)
      let end = min(text.count, place + Int.random(in: 1...8, using: &self))
      switch Int.random(in: 0...6, using: &self) {
      case 0: text[place] ^= 1 << UInt8.random(in: 0...7, using: &self)
      case 1: text[place] = Array("\n \u{2014}+=0A\0\r\u{C3}".utf8).randomElement(using: &self) ?? 0
      case 2: text.removeSubrange(place..<end)
      case 3: text.insert(UInt8.random(in: 0...255, using: &self), at: place)
      case 4: text.insert(contentsOf: text[place..<end], at: place)
      case 5: text.insert(UInt8(ascii: "\n"), at: place)
      default: text.removeSubrange(place...)
      }
    }
    return text
  }
}
