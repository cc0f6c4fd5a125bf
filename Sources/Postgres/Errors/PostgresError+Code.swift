extension PostgresError {
  /// The kind of a failure. A struct over a private enum, so that kinds can be added without breaking a `switch`.
  package struct Code: Sendable, Hashable, CustomStringConvertible {
    private enum Kind: String {
      case server, connectionFailed, connectionLost, timedOut, poolExhausted, poolClosed, decoding, encoding, cancelled,
        closed, tooLarge, commitInDoubt, rolledBack, settings, misuse
    }

    private let kind: Kind

    /// The name of the kind.
    package var description: String { kind.rawValue }

    /// The server answered with an error.
    package static let server = Self(kind: .server)
    /// No connection could be made.
    package static let connectionFailed = Self(kind: .connectionFailed)
    /// The connection broke in use.
    package static let connectionLost = Self(kind: .connectionLost)
    /// The deadline passed.
    package static let timedOut = Self(kind: .timedOut)
    /// The pool has no connection left and enough callers waiting already.
    package static let poolExhausted = Self(kind: .poolExhausted)
    /// The pool was closed.
    package static let poolClosed = Self(kind: .poolClosed)
    /// A column did not have the form that the caller asked for.
    package static let decoding = Self(kind: .decoding)
    /// A parameter cannot be sent.
    package static let encoding = Self(kind: .encoding)
    /// The caller's task was cancelled, or somebody terminated the connection.
    package static let cancelled = Self(kind: .cancelled)
    /// The connection had been closed before.
    package static let closed = Self(kind: .closed)
    /// A limit of this module was exceeded.
    package static let tooLarge = Self(kind: .tooLarge)
    /// The server warned while a COMMIT ran: it may not be as durable as was asked for.
    package static let commitInDoubt = Self(kind: .commitInDoubt)
    /// The server answered a COMMIT with a rollback.
    package static let rolledBack = Self(kind: .rolledBack)
    /// The settings make no sense; the reason names the one at fault.
    package static let settings = Self(kind: .settings)
    /// This module was used against its rules.
    package static let misuse = Self(kind: .misuse)
  }
}
