/// What a key that signs for the log is used for.
package enum LogKeyUse: String, Hashable, Sendable, CaseIterable {
  /// Heads of the log.
  case checkpoint
  /// Receipts.
  case receipt
}

/// `log.key_announced`: signatures by this key count from now on.
package struct LogKeyAnnounced: Hashable, Sendable {
  /// What it signs.
  package var use: LogKeyUse
  /// Its public half, in the text form of C2SP's signed notes.
  package var vkey: String

  /// An event with these fields.
  package init(use: LogKeyUse, vkey: String) {
    self.use = use
    self.vkey = vkey
  }
}

/// `log.key_rotated`: a key takes the place of another. Both sign during the overlap.
package struct LogKeyRotated: Hashable, Sendable {
  /// What they sign.
  package var use: LogKeyUse
  /// The public half of the old key.
  package var old: String
  /// The public half of the new one.
  package var new: String

  /// An event with these fields.
  package init(use: LogKeyUse, old: String, new: String) {
    self.use = use
    self.old = old
    self.new = new
  }
}

/// `log.recovered`: the first line of a log that takes the place of a damaged one, and admits what was lost.
package struct LogRecovered: Hashable, Sendable {
  /// The origin of the damaged log.
  package var oldLog: String
  /// How many lines of it the database had.
  package var oldSize: Int64
  /// How many lines the newest head of it covers that is known; nil: none is.
  package var knownSize: Int64?
  /// The root in that head; nil: none is known.
  package var knownRoot: Digest32?
  /// SHA-256 of the text of the book that this log begins with (`TeamBook.recovered(as:)`).
  package var book: Digest32

  /// An event with these fields.
  package init(oldLog: String, oldSize: Int64, knownSize: Int64?, knownRoot: Digest32?, book: Digest32) {
    self.oldLog = oldLog
    self.oldSize = oldSize
    self.knownSize = knownSize
    self.knownRoot = knownRoot
    self.book = book
  }
}
