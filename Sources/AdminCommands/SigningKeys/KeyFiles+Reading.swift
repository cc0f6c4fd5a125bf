package import Foundation
package import TransparencyLog

extension KeyFiles {
  /// The keys that sign heads: the present one, and behind it the one before where its file is there. None where there is
  /// no present one: that gateway does not sign.
  ///
  /// Throws `CommandFailure` for a file that is no key, or whose key is not named `logName`: heads by another name are
  /// not verified by the vkey that auditors pin.
  package func signingKeys(logName: String) throws -> [NoteSigningKey] {
    guard FileManager.default.fileExists(atPath: signingKey.path) else { return [] }
    var keys = [try KeyFiles.key(in: signingKey, named: logName)]
    if FileManager.default.fileExists(atPath: previousSigningKey.path) {
      keys.append(try KeyFiles.key(in: previousSigningKey, named: logName))
    }
    return keys
  }

  /// Reads a key.
  ///
  /// Throws `CommandFailure` where the file is missing, is no such key, or the key has another name.
  package static func key(in file: URL, named logName: String) throws -> NoteSigningKey {
    let key = try signingKey(in: file)
    guard key.name.utf8.elementsEqual(logName.utf8) else {
      throw CommandFailure(
        .usage,
        "the key in \(file.path) is named \(key.name), but --log-name is \(logName): start with --log-name \(key.name), or "
          + "name the file of another key; `tally keys init --log-name \(logName)` makes one")
    }
    return key
  }
}
