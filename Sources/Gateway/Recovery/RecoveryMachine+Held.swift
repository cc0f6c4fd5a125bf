import Ledger
import LedgerStore

/// Held edits that nobody is at work on (docs/ledger.md, "In doubt").
extension RecoveryMachine {
  /// Books what is known of held edits that were found, and watches the others.
  mutating func take(_ found: HeldEdits) -> [RecoveryEffect] {
    var effects: [RecoveryEffect] = []
    for edit in found.edits {
      guard let booking = booking(of: edit, now: found.now) else {
        watch(edit.name)
        continue
      }
      if case .notes(let run) = booking.reason {
        guard earlierRuns[run]?.bookings.insert(edit.name).inserted == true else { continue }
      }
      effects.append(.book(booking))
    }
    return effects
  }

  /// What is to be booked of a held edit; nil: somebody may still be at work on it.
  ///
  /// An earlier run on this machine has ended, whatever its lease says: its notes tell what was never sent.
  private func booking(of edit: OpenEdit, now: Timestamp) -> RecoveryBooking? {
    if let run = earlierRuns[edit.instance] {
      return RecoveryBooking(
        Self.verdict(of: edit.name, run.notes, upstreamUUID: edit.upstreamUUID), .notes(of: edit.instance))
    }
    if !edit.isOwnerAtWork {
      return RecoveryBooking(Self.doubt(edit, .leaseEnded), .abandoned)
    }
    if edit.createdAt.adding(settings.heldAtMost) <= now {
      return RecoveryBooking(Self.doubt(edit, .timedOut), .abandoned)
    }
    return nil
  }

  private static func doubt(_ edit: OpenEdit, _ cause: InDoubtCause) -> Booking {
    .doubt(InDoubtRequest(team: edit.team, record: edit.record, cause: cause, upstreamUUID: edit.upstreamUUID))
  }

  private static func verdict(of name: EditName, _ notes: FoundNotes, upstreamUUID: String?) -> Booking {
    if notes.provesUnsent(name.record) {
      return .release(ReleaseRequest(team: name.team, record: name.record, cause: .withdrawn))
    }
    return .doubt(
      InDoubtRequest(team: name.team, record: name.record, cause: .leaseEnded, upstreamUUID: upstreamUUID))
  }

  /// Edits of an earlier run that another gateway put in doubt when the lease ended: the notes can still tell that they
  /// were never sent.
  mutating func foundDoubts(of run: InstanceID, _ found: DueDoubts?) -> [RecoveryEffect] {
    guard let earlier = earlierRuns[run] else { return [] }
    // Without an answer the notes stay: the next start looks again.
    guard let found else {
      earlierRuns[run]?.hasFailed = true
      return finishEarlierRuns()
    }
    earlierRuns[run]?.hasSeenDoubts = true
    var effects: [RecoveryEffect] = []
    for doubt in found.doubts where earlier.notes.provesUnsent(doubt.record) {
      let name = EditName(team: doubt.team, record: doubt.record)
      guard earlierRuns[run]?.bookings.insert(name).inserted == true else { continue }
      let release = ReleaseRequest(team: doubt.team, record: doubt.record, cause: .withdrawn)
      effects.append(.book(RecoveryBooking(.release(release), .notes(of: run))))
    }
    return effects + finishEarlierRuns()
  }

  /// Lets go of the earlier runs of which nothing is open any more.
  mutating func finishEarlierRuns() -> [RecoveryEffect] {
    guard hasSeenLateCommits else { return [] }
    var effects: [RecoveryEffect] = []
    for (run, earlier) in earlierRuns.sorted(by: { $0.key < $1.key }) where earlier.bookings.isEmpty {
      if earlier.hasFailed {
        earlierRuns[run] = nil
      } else if earlier.hasSeenDoubts {
        earlierRuns[run] = nil
        effects.append(.removeNotes(of: run))
      }
    }
    return effects
  }
}
