import Postgres

/// Why the simulated database refuses what is to be written: the constraint that PostgreSQL would name.
struct RowRefusal: Error, Hashable {
  /// A unique constraint or primary key (23505), a check (23514), or a foreign key (23503).
  enum Kind: String, Hashable {
    case unique = "23505"
    case check = "23514"
    case foreignKey = "23503"
  }

  var kind: Kind
  var constraint: String

  init(_ kind: Kind, _ constraint: String) {
    self.kind = kind
    self.constraint = constraint
  }
}

extension PostgresError {
  /// What the client reports of a server that refuses with this SQLSTATE.
  static func refusal(_ sqlState: String, constraint: String? = nil) -> PostgresError {
    let report = ServerReport { letter in
      switch letter {
      case "V": "ERROR"
      case "C": sqlState
      case "M": "simulated"
      case "n": constraint
      default: nil
      }
    }
    return PostgresError(.server, outcome: .failed, reason: "the server refused", report: report)
  }

  /// What the client reports of a connection that is gone with the answer.
  static let lost = PostgresError(.connectionLost, outcome: .unknown, reason: "the connection was lost")
  /// What the client reports when it has waited long enough.
  static let timedOut = PostgresError(.timedOut, outcome: .unknown, reason: "no answer in time")
  /// What the client reports when no connection could be made.
  static let notConnected = PostgresError(.connectionFailed, outcome: .notSent, reason: "no connection")
}
