package import Ledger

/// What a caller of a lane is told, after the commit.
package enum LaneAnswer: Sendable {
  case held(HeldEdit)
  case refused(RefusedEdit)
  case repeated(RepeatedEdit)
  case resolved(ResolvedEdit)
  /// The line that tells of it stands there.
  case noted(index: Int64)
  /// An administrative command took effect.
  case done
  /// It had nothing to change, and there is no line of it.
  case unchanged
}

/// What a lane's machine wants done. The shell performs the effects in their order.
package enum LaneEffect: Sendable {
  /// First round trip: lock and load. Then tell `loaded` or `failed`.
  case load(LaneBatch, knownPriceVersion: Int64)
  /// Rows of a large batch, written into the open transaction while the rest of it is decided. Tell `handedOver` at once,
  /// without waiting for the database, and later `failed` if it refused them.
  case writeRows(LaneWrites)
  /// The last round trip: write, behind all rows before it, and commit. Then tell `written` or `failed`.
  case write(LaneWrites)
  /// Undo the open transaction; on failure drop the connection. Then tell `rolledBack`.
  case rollBack
  /// Tell a caller.
  case answer(ticket: UInt64, Result<LaneAnswer, StoreError>)
  /// Tell `resumed` after so long.
  case pause(Duration)
  /// Something that an operator must see.
  case alert(LaneAlert)
}

/// What an operator must see.
package enum LaneAlert: Sendable {
  /// A settlement whose hold is not there: a failover lost it, or somebody changed the tables. The team is halted.
  case unknownHold(RecordID)
  /// Work cost more than was charged for it.
  case variance(RecordID, Credits)
  /// The database's clock and the gateway's own differ too much.
  case clockDifference(microseconds: Int64)
  /// The database refused for a reason that is a fault of ours.
  case fault(LaneFault)
}

/// What happened to a lane.
package enum LaneEvent: Sendable {
  case submitted(LaneEntry)
  case loaded(LoadedBatch)
  /// Rows are on their way: the next part of the batch can be decided.
  case handedOver
  case written
  case rolledBack
  case failed(LaneFault)
  case resumed
  /// Time has passed: callers past their deadline are told.
  case tick
}
