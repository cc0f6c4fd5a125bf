/// Text of the provider's that members may get to see: bounded, and without characters that act instead of showing.
enum PassedOnText {
  /// The longest message, in Unicode scalars. Messages are one sentence; a page of HTML in its place helps nobody.
  static let messageScalars = 1_000
  /// The longest details, in Unicode scalars: a JSON list of a few faults.
  static let detailsScalars = 4_000
  /// The longest error code or id, in Unicode scalars.
  static let codeScalars = 100

  /// The text without control characters, cut at `limit` Unicode scalars; nil stays nil.
  static func bounded(_ text: String?, limit: Int) -> String? {
    guard let text else { return nil }
    var scalars = String.UnicodeScalarView()
    var count = 0
    for scalar in text.unicodeScalars where !isControl(scalar) {
      guard count < limit else { break }
      scalars.append(scalar)
      count += 1
    }
    return String(scalars)
  }

  /// Control characters, line and paragraph separators, and those that turn the direction of text around.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00...0x1F, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
