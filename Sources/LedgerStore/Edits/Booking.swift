package import Ledger

/// What a gateway learned of an edit that it holds, to be booked by the edit's lane: tried until it commits, and kept in
/// the settlement journal until then (docs/ledger.md).
package enum Booking: Sendable {
  /// The upstream did the work.
  case settle(SettleRequest)
  /// It provably did not.
  case release(ReleaseRequest)
  /// Nobody can tell.
  case doubt(InDoubtRequest)
  /// The upstream's id of the edit, before anything is known.
  case attach(AttachRequest)

  /// The edit's team.
  package var team: TeamID {
    switch self {
    case .settle(let request): request.team
    case .release(let request): request.team
    case .doubt(let request): request.team
    case .attach(let request): request.team
    }
  }

  /// The edit's record.
  package var record: RecordID {
    switch self {
    case .settle(let request): request.record
    case .release(let request): request.record
    case .doubt(let request): request.record
    case .attach(let request): request.record
    }
  }
}

/// How long the caller of a booking waits. The lane goes on trying either way.
package enum BookingPatience: Sendable, Hashable {
  /// As long as a client waits: then `unavailable`.
  case prompt
  /// Until it is committed, the database refuses it for good, or the store closes.
  case untilCommitted
}

/// What came of a booking.
package enum BookingAnswer: Sendable {
  /// The record is settled, released or in doubt, by this booking or before it.
  case resolved(ResolvedEdit)
  /// The upstream's id is attached.
  case attached
}
