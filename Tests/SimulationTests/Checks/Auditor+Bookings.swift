import Gateway
import Ledger
import LedgerStore

extension Auditor {
  /// What became of an edit is going to be booked: whoever comes after this process must find it in the journal.
  func willBook(_ booking: Booking, isJournaled: Bool) {
    if !isJournaled { world.violate("\(booking.command.trace) is booked before it stands in the journal") }
  }

  /// What is known of an edit stands in the ledger: its journal line is not needed any more.
  func checkBooked(_ booking: Booking) {
    let record = booking.record
    // A hold that was never committed needs nothing; a charge without its hold is alerted.
    guard let history = histories[record], history.held != nil else { return }
    let isProven = history.settled?.cause == .delivered || history.evidence != nil
    let isTold =
      switch booking {
      case .settle(let request): request.assumed ? history.resolutions > 0 : isProven
      case .release: history.released != nil || isProven
      case .doubt: history.inDoubtAt != nil || history.resolutions > 0
      case .attach: true
      }
    if !isTold { world.violate("\(booking.command.trace) is taken for booked, and is not") }
  }

  /// A doubt is forgotten: nothing can be added to what the record tells, since nobody can be asked or all is known.
  func willForget(_ doubt: Doubt) {
    guard let history = histories[doubt.record] else { return }
    let isProven = history.evidence != nil || history.settled?.cause == .delivered
    let isRefused = history.released.map { $0.cause != .administrator } ?? false
    if isProven || isRefused || history.resolutions > 0 && doubt.upstreamUUID == nil { return }
    world.violate("\(doubt.record.short) is forgotten before its time")
  }

  /// A client is told that an edit which was done is not booked yet: from now on its journal line must outlive the
  /// machine (docs/ledger.md, what happened and what is known).
  func checkSecured(_ booking: Booking, isOnDisk: Bool) {
    guard case .settle = booking, !isOnDisk, histories[booking.record]?.resolutions == 0 else { return }
    world.violate("\(booking.record.short) is told to be booked later, and its journal line is not on the disk")
  }

  /// Within one team no line is older than the one before, which replaying finds; none may lie far in the future
  /// either, since the next lines would have to follow it there.
  func checkTime(of header: LineHeader) {
    let latest = world.clock.wall.microseconds + LaneMachine.maximumClockDifferenceMicroseconds
    if header.at.microseconds > latest { world.violate("a line is written at \(header.at)") }
  }

  /// An edit is charged without proof: only one in doubt, by its team's policy, and not before its time.
  func checkAssumption(of record: RecordID, _ history: History, at moment: Timestamp) {
    guard let inDoubtAt = history.inDoubtAt else {
      return world.violate("\(record.short) is charged by assumption and was not in doubt")
    }
    guard let seconds = world.database.tables.teams[history.team]?.book.team.inDoubtChargeAfterSeconds else {
      return world.violate("\(record.short) is charged by assumption, which its team never lets be")
    }
    // Where the database's clock jumps, the time of the look is none that can be known from lines.
    if !world.hasClockJumps, moment < inDoubtAt.adding(seconds: seconds) {
      world.violate("\(record.short) is charged by assumption before its time")
    }
  }
}
