package import Ledger

/// One command on its way through a lane.
package struct LaneEntry: Sendable {
  /// Names the caller who waits for the answer.
  package var ticket: UInt64
  package var command: LaneCommand
  /// When the caller stops waiting.
  package var deadline: ContinuousClock.Instant

  /// A command that came in.
  package init(ticket: UInt64, command: LaneCommand, deadline: ContinuousClock.Instant) {
    self.ticket = ticket
    self.command = command
    self.deadline = deadline
  }

  /// Whether it ends or doubts a hold.
  package var isResolution: Bool { command.isResolution }
}

/// Commands that are decided and committed together.
package struct LaneBatch: Sendable {
  package var entries: [LaneEntry]
  /// How often it was tried before.
  package var attempt = 0
  /// A COMMIT was sent and its answer lost: it may have happened, so the same commands run again until they read their
  /// own outcome back, whatever their callers do meanwhile.
  package var mayBeCommitted = false

  /// A batch of these commands.
  package init(entries: [LaneEntry], attempt: Int = 0, mayBeCommitted: Bool = false) {
    self.entries = entries
    self.attempt = attempt
    self.mayBeCommitted = mayBeCommitted
  }

  /// The teams whose rows are locked.
  package var teams: Set<TeamID> { Set(entries.map(\.command.team)) }
}
