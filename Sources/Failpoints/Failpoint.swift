/// A place in the program where a test can make the process die or stop, to see what is left of what it was doing.
///
/// Nothing happens at any of them unless `TALLY_FAILPOINTS` is set (docs/testing.md).
package enum Failpoint: String, Hashable, Sendable, CaseIterable {
  /// A lane has taken a batch with holds and has sent nothing yet.
  case holdBeforeLoad = "lane.hold.before_load"
  /// Between the two round trips: the teams of a batch with holds are locked.
  case holdAfterLoad = "lane.hold.after_load"
  /// A batch with holds is decided, its writes and its COMMIT are not sent yet.
  case holdBeforeCommit = "lane.hold.before_commit"
  /// A batch with holds is committed, nobody was told.
  case holdAfterCommit = "lane.hold.after_commit"
  /// The same for a batch with settlements, releases or doubts.
  case settleBeforeLoad = "lane.settle.before_load"
  /// Between the two round trips of a batch with resolutions.
  case settleAfterLoad = "lane.settle.after_load"
  /// A batch with resolutions is decided, its writes and its COMMIT are not sent yet.
  case settleBeforeCommit = "lane.settle.before_commit"
  /// A batch with resolutions is committed, nobody was told.
  case settleAfterCommit = "lane.settle.after_commit"
  /// An edit's dispatch note is on file; the lease is not looked at again yet, and nothing is sent.
  case editBeforeFirstByte = "edit.before_first_byte"
  /// The first bytes of an edit, or of a question for one, are on their way.
  case editAfterFirstByte = "edit.after_first_byte"
  /// It is known what became of an edit, and not written down yet.
  case editBeforeJournal = "edit.before_journal"
  /// It is written into the journal, and its booking has not begun.
  case editAfterJournal = "edit.after_journal"
  /// Its booking is committed, and the journal still has it.
  case editBeforeForget = "edit.before_forget"
  /// The last attempt to send an alert's message has ended, and is not booked.
  case alertBeforeBooking = "alert.before_booking"
  /// A transaction of a removal has taken its rows; what it counts and its COMMIT are not sent.
  case removalBeforeCommit = "removal.before_commit"
  /// A removal has taken all that it covers, and no line tells of it.
  case removalBeforeLine = "removal.before_line"
}
