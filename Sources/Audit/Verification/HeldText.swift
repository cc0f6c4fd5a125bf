/// A text that somebody brings in a file of its own: a head, a receipt, a proof.
package enum HeldText {
  /// The text without the one empty line that tools put behind what they print, as `jq -r` does.
  ///
  /// No text of these forms ends with an empty line, so what is left is read as strictly as ever.
  package static func withoutEmptyEnd(_ bytes: [UInt8]) -> [UInt8] {
    bytes.suffix(2).elementsEqual("\n\n".utf8) ? bytes.dropLast() : bytes
  }
}
