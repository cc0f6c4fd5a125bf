/// A colour as libgd keeps it: 7 bits of transparency (0 is opaque), then 8 each of red, green and blue.
struct Color: Sendable, Equatable {
  /// The colour in libgd's notation.
  let value: Int32

  init(red: UInt8, green: UInt8, blue: UInt8, transparency: UInt8 = 0) {
    value = Int32(transparency & 0x7F) << 24 | Int32(red) << 16 | Int32(green) << 8 | Int32(blue)
  }

  static let white = Color(red: 255, green: 255, blue: 255)
  static let black = Color(red: 0, green: 0, blue: 0)
  static let clear = Color(red: 0, green: 0, blue: 0, transparency: 127)
  /// What a label is written on.
  static let shade = Color(red: 0, green: 0, blue: 0, transparency: 50)

  /// A colour drawn from a generator, as transparent as is said.
  static func drawn(from generator: inout SplitMix64, transparency: UInt8) -> Color {
    let bits = generator.next()
    return Color(
      red: UInt8(truncatingIfNeeded: bits), green: UInt8(truncatingIfNeeded: bits >> 8),
      blue: UInt8(truncatingIfNeeded: bits >> 16), transparency: transparency)
  }
}
