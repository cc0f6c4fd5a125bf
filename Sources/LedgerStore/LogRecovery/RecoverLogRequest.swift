package import Ledger
package import TransparencyLog

/// A damaged log that is to be replaced by a new one.
package struct RecoverLogRequest: Sendable {
  package var team: TeamID
  /// The origin of the damaged log: where the team has another one by now, it was replaced before.
  package var oldLog: String
  /// The newest head of it that is known; nil: none is.
  package var known: (size: Int64, root: Digest)?
  package var open: OpenEdits

  /// A request to open a log in the place of `oldLog`.
  package init(team: TeamID, oldLog: String, known: (size: Int64, root: Digest)?, open: OpenEdits) {
    self.team = team
    self.oldLog = oldLog
    self.known = known
    self.open = open
  }

  /// The command as the ledger knows it.
  var command: RecoverLogCommand {
    RecoverLogCommand(
      oldLog: oldLog, knownSize: known?.size, knownRoot: known.flatMap { Digest32(bytes: $0.root.bytes) })
  }
}
