/// All that a result picture is made from. It is made when it is first asked for, so an edit itself costs no rendering;
/// the same recipe always gives the same bytes.
struct PictureRecipe: Sendable, Equatable {
  enum Background: String, Sendable, CaseIterable {
    case auto, preserve, transparent, white, black
  }

  /// The source: a storage key, or the address of a picture elsewhere, which is not fetched but made up.
  var source: String
  /// What the pattern over the picture is drawn from.
  var promptHash: UInt64
  /// The beginning of the prompt, for the label: ASCII only, as the built-in font has no more.
  var promptLabel: String
  var size: PictureSize
  var format: PictureFormat
  /// 0 to 100, higher is better; for jpeg and webp.
  var compression: Int
  var background: Background
  /// Which of the edit's results, from 1.
  var index: Int
  /// How many results the edit has.
  var count: Int

  /// The longest label, in characters: what fits over a picture in letters that can be read.
  static let labelLength = 48

  /// FNV-1a over the prompt's bytes: any two prompts that differ look different.
  static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  /// The beginning of the prompt in printable ASCII, with `?` for everything else.
  static func label(_ prompt: String) -> String {
    String(prompt.unicodeScalars.prefix(labelLength).map { (0x20...0x7E).contains($0.value) ? Character($0) : "?" })
  }
}
