package import Ledger
package import LedgerStore
package import Upstream

/// What happened to recovery. A look or a booking that failed because there is no database brings nil or the error.
package enum RecoveryEvent: Sendable {
  /// The gateway has begun, its own notes are on file and its lease is entered. What earlier runs left is this.
  case began(Leftovers)
  /// Time has passed.
  case tick
  /// The request for a longer lease that left at `sentAt` was answered; false: the run is not known any more.
  case renewed(Bool?, sentAt: Duration)
  /// Everything that is held was looked for.
  case foundAll(HeldEdits?)
  /// A stretch of time was looked at.
  case swept(HeldEdits?)
  /// The watched edits were looked at.
  case looked(HeldEdits?)
  /// The doubts of an earlier run were looked for.
  case foundDoubts(of: InstanceID, DueDoubts?)
  /// Due doubts were looked for.
  case foundDue(DueDoubts?)
  /// A doubt was put off; true: nobody else has taken it up.
  case claimed(Doubt, for: DoubtStep, Bool)
  /// The upstream answered for a doubt.
  case asked(Doubt, ResultOutcome)
  /// A booking was committed, or refused for good, or the store closes.
  case booked(RecoveryBooking, Result<BookingAnswer, StoreError>)
  /// Old rows were removed.
  case pruned
}

/// What recovery wants done. The shell does them in any order and at once.
package enum RecoveryEffect: Sendable {
  /// Ask the database for a longer lease. Brings `renewed`.
  case renew(sentAt: Duration)
  /// Sending is allowed until that moment of the monotonic clock.
  case extendLease(until: Duration)
  /// Look for everything that is held. Brings `foundAll`.
  case findAll
  /// Look at what was held from that moment on. Brings `swept`.
  case sweep(from: Timestamp)
  /// Look at these edits. Brings `looked`.
  case look([EditName])
  /// Look for the doubts of an earlier run. Brings `foundDoubts`.
  case findDoubts(of: InstanceID)
  /// Look for due doubts. Brings `foundDue`.
  case findDue
  /// Put a doubt off and take it up. Brings `claimed`.
  case claim(Doubt, for: DoubtStep, until: Timestamp)
  /// Ask the upstream for a doubt. Brings `asked`.
  case ask(Doubt)
  /// Forget a doubt.
  case forget(Doubt)
  /// Book something until it is committed. Brings `booked`.
  case book(RecoveryBooking)
  /// An earlier run's notes are not needed any more, and its lease can end.
  case removeNotes(of: InstanceID)
  /// An earlier run's journal is booked.
  case removeJournal(String)
  /// Remove old rows. Brings `pruned`.
  case prune
  /// Something that an operator must see.
  case alert(RecoveryAlert)
}

/// What recovery books, and why.
package struct RecoveryBooking: Sendable {
  /// Why it is booked.
  package enum Reason: Sendable, Hashable {
    /// It stands in the journal of that name.
    case journal(String)
    /// The notes of an earlier run on this machine tell.
    case notes(of: InstanceID)
    /// Its owner is not at work any more, or took too long.
    case abandoned
    /// The upstream told.
    case upstream
    /// The team's policy for what stays in doubt.
    case policy
  }

  package var booking: Booking
  package var reason: Reason

  /// A booking.
  package init(_ booking: Booking, _ reason: Reason) {
    self.booking = booking
    self.reason = reason
  }

  /// The edit that it is about.
  package var name: EditName { EditName(team: booking.team, record: booking.record) }
}

/// What an operator must see of recovery.
package enum RecoveryAlert: Sendable, Hashable {
  /// Lines of an earlier run's journal cannot be read.
  case unreadableJournal(name: String, lines: Int)
  /// The database does not know this run any more: nothing is sent.
  case unknownRun
  /// A journal's booking is refused for good: its file stays.
  case journalRefused(RecordID)
}

/// What is done about a doubt.
package enum DoubtStep: Sendable, Hashable {
  /// Nothing can be added any more: forget it.
  case forget
  /// Charge it by the team's policy.
  case charge
  /// Ask the upstream.
  case ask
  /// Nothing yet.
  case wait
}
