package import Foundation
package import TransparencyLog

/// The files of one key that another takes the place of: the new key is made beside, told in the logs, and put in place
/// in steps of which each can be the last: run again, it goes on.
///
///     log.key ──▶ log.previous.key      log.next.key ──▶ log.key
package struct KeyRotationFiles: Sendable {
  /// The key that signs.
  package let current: URL
  /// The one before, which signs too.
  package let previous: URL

  /// The rotation of that key; the old one is kept as `previous`.
  package init(current: URL, previous: URL) {
    self.current = current
    self.previous = previous
  }

  private var next: URL {
    current.deletingPathExtension().appendingPathExtension("next.key")
  }

  /// The keys: the one that signs, and the new one, made where a rotation that was cut has not made it yet.
  ///
  /// Throws `CommandFailure` where the old key of an earlier rotation is still kept, there is no key, or a file cannot
  /// be written.
  package func prepare(logName: String) throws -> (old: NoteSigningKey, new: NoteSigningKey) {
    let old = try KeyFiles.key(in: current, named: logName)
    if Self.isThere(next) { return (old, try KeyFiles.key(in: next, named: logName)) }
    guard !Self.isThere(previous) else {
      throw CommandFailure(
        .failed, "\(previous.path) still signs beside \(current.path); `tally keys retire` ends that rotation first")
    }
    _ = try KeyFiles.write(next, logName: logName)
    return (old, try KeyFiles.key(in: next, named: logName))
  }

  /// Keeps the old key as the previous one and puts the new one in its place. There is a key in place at any moment.
  ///
  /// Throws `CommandFailure` where a file cannot be written.
  package func finish() throws {
    if !Self.isThere(previous) {
      let old = try KeyFiles.signingKey(in: current)
      try KeyFiles.store(old, in: previous)
    }
    // The key last: as long as it stands beside, running this again goes on.
    let verifier = KeyFiles.verifierKeyFile(of: next)
    if Self.isThere(verifier) { try Self.move(verifier, to: KeyFiles.verifierKeyFile(of: current)) }
    try Self.move(next, to: current)
  }

  /// The public half of the previous key, which a retirement would end.
  ///
  /// Throws `CommandFailure` where there is none.
  package func retiring() throws -> String {
    guard Self.isThere(previous) else {
      throw CommandFailure(.failed, "\(previous.path) is not there: no rotation is under way")
    }
    return try KeyFiles.verifierKey(in: previous)
  }

  /// Takes the previous key away, so that it does not sign any more. Its public half is kept under the key's id.
  ///
  /// Throws `CommandFailure` where there is none, or a file cannot be written.
  package func retire() throws -> (vkey: String, kept: URL) {
    guard Self.isThere(previous) else {
      throw CommandFailure(.failed, "\(previous.path) is not there: no rotation is under way")
    }
    let key = try KeyFiles.signingKey(in: previous)
    let kept = current.deletingPathExtension().appendingPathExtension("\(key.verifier.id).vkey")
    let verifier = KeyFiles.verifierKeyFile(of: previous)
    if Self.isThere(verifier) { try Self.move(verifier, to: kept) }
    do {
      try FileManager.default.removeItem(at: previous)
    } catch {
      throw CommandFailure(.failed, "\(previous.path) cannot be removed")
    }
    return (key.verifierKey, kept)
  }

  private static func isThere(_ file: URL) -> Bool {
    FileManager.default.fileExists(atPath: file.path)
  }

  private static func move(_ file: URL, to place: URL) throws {
    guard rename(file.path, place.path) == 0 else {
      throw CommandFailure(.failed, "\(place.path) cannot be replaced: \(String(cString: strerror(errno)))")
    }
    PrivateFile.syncFolder(place.deletingLastPathComponent())
  }
}
