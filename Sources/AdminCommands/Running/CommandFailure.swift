/// A command that could not do what it was asked, with the exit status that tells scripts why (docs/command-line.md).
package struct CommandFailure: Error, CustomStringConvertible {
  /// The exit statuses of `tally`.
  package enum Status: Int32, Sendable {
    /// It failed, or an invariant is broken.
    case failed = 1
    /// The command line or a setting is wrong (`EX_USAGE`).
    case usage = 64
    /// The database is not reachable (`EX_UNAVAILABLE`).
    case databaseUnreachable = 69
    /// Another process serves from the data folder (`EX_TEMPFAIL`).
    case dataFolderInUse = 75
  }

  /// Why, for scripts.
  package var status: Status
  /// Why, for people: one sentence or more, without secrets. Empty: everything was said already.
  package var message: String

  /// A failure that says `message`.
  package init(_ status: Status, _ message: String) {
    self.status = status
    self.message = message
  }

  package var description: String { message }
}
