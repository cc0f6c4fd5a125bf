package import Ledger
import Postgres

/// The operator's log: kept like a team's under an id that no team has, so that it has lines, heads, exports and proofs
/// like any other. What lists or counts teams never comes to it: its id stands before all of theirs.
package enum OperatorLog {
  /// What people call it, where others are named by their team. No team may be called so.
  package static let name = "operator"
}

/// Whose log it is: a team, or the operator.
package struct LogOwner: Sendable, Hashable {
  /// The team; `operatorLog` for the operator.
  package var id: TeamID
  /// The zone in which dates are meant.
  package var timeZone: String
}

extension LedgerStore {
  /// Whose log a person names: a team's id or unique name, or `operator` for the operator's own.
  /// - Throws: as `team(named:)`.
  package func logOwner(named text: String) async throws(StoreError) -> LogOwner {
    if text == OperatorLog.name { return LogOwner(id: .operatorLog, timeZone: "UTC") }
    let team = try await team(named: text)
    return LogOwner(id: team.id, timeZone: team.timeZone)
  }

  /// Makes the operator's log where it is not there yet.
  /// - Throws: `unavailable`.
  package func makeOperatorLog(by administrator: Administrator) async throws(StoreError) {
    guard try await operatorRows(.operatorRow, TeamID.operatorLog.uuid).isEmpty else { return }
    do throws(StoreError) {
      _ = try await submit(.createTeam(NewTeam(id: .operatorLog, name: OperatorLog.name), administrator))
    } catch {
      // Somebody else may have been quicker.
      guard case .conflict = error.reason else { throw error }
    }
  }

  /// Runs a command of the operator's log, which is made with the first one.
  func submitOperators(
    _ command: LaneCommand, by administrator: Administrator
  ) async throws(StoreError) -> LaneAnswer {
    do throws(StoreError) {
      return try await submit(command)
    } catch {
      guard case .notFound = error.reason else { throw error }
    }
    try await makeOperatorLog(by: administrator)
    return try await submit(command)
  }
}

extension Statement where Row == TeamID {
  /// The row of the operator's log: its id.
  static let operatorRow = Statement(
    "operator row", "SELECT team_id FROM tally.team WHERE team_id = $1"
  ) { (row) throws(PostgresError) in try row.id() }
}
