package import Postgres

/// Why a round trip of a batch failed, as the lane must act on it (docs/ledger.md, "A lane's batch").
package struct LaneFault: Sendable {
  /// What is to be done.
  package enum Kind: Sendable, Equatable {
    /// One command's values are refused (SQLSTATE classes 22 and 23): find it by halving the batch.
    case poison
    /// Serialization failure or deadlock (40001, 40P01): run the same batch again.
    case runAgain
    /// A team's row was locked for too long (55P03): go team by team.
    case blocked
    /// The server refused for want of something, and nothing happened (53, 57, 58), or no connection could be had.
    case unavailable
    /// COMMIT was sent and nobody knows what it did.
    case unknown
    /// Anything else: a fault of ours, or a schema that does not fit.
    case ours
  }

  /// Which round trip it was: `rows` comes before the `write` that commits, and never together with it.
  package enum RoundTrip: Sendable { case load, rows, write }

  package var kind: Kind
  package var error: PostgresError

  /// A fault of a kind that is known already.
  package init(kind: Kind, error: PostgresError) {
    self.kind = kind
    self.error = error
  }

  /// Sorts an error of `roundTrip`.
  package init(_ error: PostgresError, in roundTrip: RoundTrip) {
    self.error = error
    kind = Self.kind(of: error, in: roundTrip)
  }

  private static func kind(of error: PostgresError, in roundTrip: RoundTrip) -> Kind {
    // What cannot be sent, or read, is some command's fault: halving finds it.
    if error.code == .encoding || error.code == .tooLarge { return .poison }
    if error.code == .misuse || error.code == .decoding && roundTrip == .load { return .ours }
    switch error.outcome {
    case .notSent: return .unavailable
    // Without a COMMIT on its way a lost connection has no effect: the server rolls back.
    case .unknown: return roundTrip == .write ? .unknown : .unavailable
    case .failed: return kind(ofState: error.sqlState ?? "")
    }
  }

  private static func kind(ofState state: String) -> Kind {
    switch state {
    case "40001", "40P01": return .runAgain
    case "55P03": return .blocked
    default: break
    }
    switch state.prefix(2) {
    case "22", "23": return .poison
    case "53", "57", "58", "08": return .unavailable
    default: return .ours
    }
  }
}
