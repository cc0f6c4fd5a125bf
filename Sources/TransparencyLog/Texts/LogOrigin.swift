/// The name of a log: the first line of everything that is signed about it, `<log name>/<team uuid>` for a team's.
enum LogOrigin {
  /// Longest origin that is read, in bytes.
  static let maximumBytes = 1024

  /// The origin that `line` is; nil where it is empty, too long, no UTF-8, or has control characters.
  static func parse(_ line: ArraySlice<UInt8>) -> String? {
    guard (1...maximumBytes).contains(line.count), line.allSatisfy({ $0 >= 0x20 }) else { return nil }
    return String(validating: line, as: UTF8.self)
  }

  /// Throws `NoteError.otherOrigin` unless both are the same bytes: Swift's own comparison takes different ones for
  /// equal.
  static func check(_ origin: String, is expected: String) throws(NoteError) {
    guard origin.utf8.elementsEqual(expected.utf8) else { throw .otherOrigin(origin) }
  }
}
