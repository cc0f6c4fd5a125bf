/// What texts that people choose may be: the same bounds as the tables' constraints, so that a wrong one is answered with
/// its name instead of a refused statement.
enum TextBounds {
  /// Longest name of a team or a member, in bytes.
  static let nameBytesMaximum = 512
  /// Longest id of a user, in bytes.
  static let userIDBytesMaximum = 128

  /// - Throws: `invalid` unless `name` has 1 to `nameBytesMaximum` bytes and no NUL.
  static func check(name: String, field: String) throws(StoreError) {
    guard (1...nameBytesMaximum).contains(name.utf8.count), !name.utf8.contains(0) else {
      throw StoreError(.invalid(field: field, message: "must have 1 to \(nameBytesMaximum) bytes and no NUL"))
    }
  }

  /// - Throws: `invalid` unless `userID` is 1 to `userIDBytesMaximum` of `A-Z a-z 0-9 . _ @ + -`.
  static func check(userID: String) throws(StoreError) {
    guard (1...userIDBytesMaximum).contains(userID.utf8.count), userID.utf8.allSatisfy(isUserIDByte) else {
      throw StoreError(
        .invalid(field: "userId", message: "must be 1 to \(userIDBytesMaximum) letters, digits and . _ @ + -"))
    }
  }

  private static func isUserIDByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "@"),
      UInt8(ascii: "+"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
