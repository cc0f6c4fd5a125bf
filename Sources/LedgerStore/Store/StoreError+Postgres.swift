import Postgres

extension StoreError {
  /// What a failure of the database means to a caller of the store: the one place where that is decided.
  ///
  /// A hold whose outcome is unknown is the lane's own case: it knows whether one was asked for, this does not, so
  /// `mayBeHeld` is always false here.
  init(_ error: PostgresError) {
    self.init(Self.reason(of: error), underlying: error)
  }

  /// The same for an error of unknown type, which only a pool's body can throw.
  init(wrapping error: any Error) {
    switch error {
    case let error as StoreError: self = error
    case let error as PostgresError: self.init(error)
    default: self.init(.unavailable(mayBeHeld: false))
    }
  }

  private static func reason(of error: PostgresError) -> Reason {
    switch error.code {
    case .server: reason(ofServer: error)
    case .connectionFailed, .connectionLost, .timedOut, .poolExhausted, .poolClosed, .cancelled, .closed,
      .commitInDoubt, .rolledBack:
      .unavailable(mayBeHeld: false)
    default: .database
    }
  }

  /// The classes of PostgreSQL's appendix "Error Codes".
  private static func reason(ofServer error: PostgresError) -> Reason {
    let state = error.sqlState ?? ""
    switch state {
    case "42P01", "3F000", "42703", "42883":
      return .schema("the database's tables are not those of this program; run `tally migrate`")
    // Serialization failure, deadlock, lock time-out, statement time-out: others were in the way.
    case "40001", "40P01", "55P03", "57014": return .unavailable(mayBeHeld: false)
    default: break
    }
    // Connection exceptions, lack of resources, shutting down, errors of the system underneath.
    let passing = ["08", "53", "57", "58"].contains { state.utf8.starts(with: $0.utf8) }
    return passing ? .unavailable(mayBeHeld: false) : .database
  }
}
