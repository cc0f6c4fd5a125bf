import Gateway
import LedgerStore
import Postgres
import Upstream

/// Where a world can be given a known bug. Product code has no such switches: these stand where the simulation's own
/// shells meet it.
struct Bugs {
  /// What the lane's shell makes of an error.
  var fault: (PostgresError, LaneFault.RoundTrip) -> LaneFault = { LaneFault($0, in: $1) }
  /// What recovery's shell makes of what it is to do.
  var recovery: (RecoveryEffect) -> RecoveryEffect = { $0 }
  /// What follows from the provider's outcome.
  var verdict: @Sendable (EditOutcome) -> EditVerdict = { EditVerdict($0) }
}
