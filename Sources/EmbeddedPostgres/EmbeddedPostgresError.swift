/// Why the embedded server cannot be used. The message is for the operator at the command line and may name folders; it is
/// never sent to a client.
package struct EmbeddedPostgresError: Error, Sendable, CustomStringConvertible {
  /// The kinds of failure.
  package enum Code: Sendable, Hashable {
    /// Another process has the data folder.
    case dataFolderInUse
    /// The account of the server cannot reach the data folder.
    case dataFolderUnreachable
    /// A file or folder cannot be made, read or written.
    case fileSystem
    /// PostgreSQL, or a program that it is started with, is not installed.
    case programMissing
    /// The data was made by another major version of PostgreSQL.
    case versionMismatch
    /// The server did not start, or stopped.
    case serverFailed
    /// The server did not stop.
    case serverNotStopped
  }

  /// The kind of failure.
  package let code: Code
  /// One or two sentences that say what to do.
  package let description: String

  /// - Parameters:
  ///   - code: the kind of failure.
  ///   - description: one or two sentences that say what to do.
  package init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }

  /// A failed call of the system.
  /// - Parameters:
  ///   - action: what was tried, as in "cannot open /a/b".
  ///   - number: `errno`.
  init(_ action: String, errno number: Int32) {
    self.init(.fileSystem, "\(action): \(SystemMessage.text(number))")
  }
}
