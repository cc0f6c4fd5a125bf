/// A password of our own making in a file that only its owner can read.
enum SecretFile {
  /// Base62: 32 characters have 190 bits, and need no quoting anywhere.
  private static let length = 32
  private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

  /// Reads the password, nil when there is none yet.
  static func read(_ path: String) throws(EmbeddedPostgresError) -> String? {
    guard let text = try TextFile.read(path), !text.isEmpty else { return nil }
    return text
  }

  /// Makes a password and writes it.
  static func make(_ path: String) throws(EmbeddedPostgresError) -> String {
    var generator = SystemRandomNumberGenerator()
    let password = String((0..<length).compactMap { _ in alphabet.randomElement(using: &generator) })
    try TextFile.write(password, to: path)
    return password
  }
}
