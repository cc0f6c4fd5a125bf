package import Foundation

/// A folder for one test, removed when the last reference to it goes.
package final class TemporaryFolder: Sendable {
  /// Where it is. Short, because PostgreSQL's socket paths may have only 107 bytes.
  package let url: URL

  /// Makes a new, empty folder that only its owner can enter.
  ///
  /// Throws what Foundation throws where it cannot be made.
  package init() throws {
    let name = "tally-\(UInt32.random(in: .min ... .max))"
    url = FileManager.default.temporaryDirectory.appending(path: name)
    try FileManager.default.createDirectory(
      at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }
}
