/// Why a well-formed note shows nothing, or cannot be made.
package enum NoteError: Error, Hashable, Sendable {
  /// None of its signatures is by one of the keys.
  case signedByNoKnownKey
  /// A signature names one of the keys and is not that key's over this text.
  case wrongSignature(keyName: String)
  /// The note is another log's.
  case otherOrigin(String)
  /// The cryptographic library refused to sign.
  case cannotSign
}

extension NoteError: CustomStringConvertible {
  /// One sentence.
  package var description: String {
    switch self {
    case .signedByNoKnownKey: "the note is signed by no known key"
    case .wrongSignature(let keyName): "the signature by \(keyName) is not over this text"
    case .otherOrigin(let origin): "the note is of another log, \(origin)"
    case .cannotSign: "the note could not be signed"
    }
  }
}
