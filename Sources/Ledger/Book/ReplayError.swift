/// Where a log stops being the history of one team, and why.
package struct ReplayError: Error, Hashable, Sendable {
  /// What is wrong with the line.
  package enum Reason: Hashable, Sendable {
    /// It is no line.
    case line(LineError)
    /// It tells of something that cannot have happened.
    case event(LedgerError)
    /// It belongs to another log.
    case otherLog
    /// It says that it stands elsewhere.
    case otherIndex(Int64)
    /// It is older than the line before it.
    case timeWentBack
    /// The log does not begin with the creation of a team.
    case noTeam
  }

  /// The position at which the line stands, from 0.
  package var index: Int64
  /// What is wrong with it.
  package var reason: Reason

  /// An error with these fields.
  package init(index: Int64, _ reason: Reason) {
    self.index = index
    self.reason = reason
  }
}

extension ReplayError: CustomStringConvertible {
  /// One sentence that names the line.
  package var description: String {
    switch reason {
    case .line(let error): "line \(index): \(error)"
    case .event(let error): "line \(index): \(error)"
    case .otherLog: "line \(index): it belongs to another log"
    case .otherIndex(let other): "line \(index): it says that it is line \(other)"
    case .timeWentBack: "line \(index): it is older than the line before it"
    case .noTeam: "line \(index): the log does not begin with the creation of a team"
    }
  }
}
