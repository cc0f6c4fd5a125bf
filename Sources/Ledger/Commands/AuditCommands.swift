/// Closes a calendar month of the team, once it is over. It needs the whole book, since the line carries its hash.
package struct ClosePeriodCommand: Hashable, Sendable {
  /// The month as people write it: `2026-11`.
  package var month: String
  /// Its bounds in the team's zone, computed outside.
  package var bounds: PeriodBounds

  /// A command that closes the month of these bounds.
  package init(month: String, bounds: PeriodBounds) {
    self.month = month
    self.bounds = bounds
  }
}

/// Places a legal hold, or lifts it.
package struct ChangeLegalHoldCommand: Hashable, Sendable {
  /// Whether the team is to be on legal hold.
  package var isOn: Bool

  /// A command that places a legal hold or lifts it.
  package init(isOn: Bool) {
    self.isOn = isOn
  }
}

/// Opens a log in the place of a damaged one. The book must be the one that the new log begins with
/// (`TeamBook.recovered(as:)`).
package struct RecoverLogCommand: Hashable, Sendable {
  /// The origin of the damaged log.
  package var oldLog: String
  /// How many lines of the newest head of it that is known; nil: none is.
  package var knownSize: Int64?
  /// The root in that head; nil: none is known.
  package var knownRoot: Digest32?

  /// A command that opens a log in the place of `oldLog`.
  package init(oldLog: String, knownSize: Int64? = nil, knownRoot: Digest32? = nil) {
    self.oldLog = oldLog
    self.knownSize = knownSize
    self.knownRoot = knownRoot
  }
}

/// Something that happened beside the books and belongs into the log all the same. It changes nothing in the book, so that
/// a note that is run again is not recognised by it: whoever keeps the log sees to that, by the note's id.
package enum Note: Hashable, Sendable {
  /// Personal text was taken away.
  case erased(PrivateErased)
  /// Lines were exported.
  case exported(ExportCreated)
  /// A report was read.
  case reportRead(ReportRead)
  /// Who is told of a budget's thresholds changed.
  case alertChanged(AlertChanged)
  /// Somebody was told that a budget reached a threshold, or could not be.
  case alertDelivered(AlertDelivered)
  /// How long records and usage are kept changed.
  case retentionChanged(RetentionChanged)
  /// Records and usage older than that were removed.
  case usageRemoved(UsageRemoved)
  /// Usage was computed anew from the log.
  case usageRebuilt(UsageRebuilt)
  /// A key that signs for the log was announced.
  case keyAnnounced(LogKeyAnnounced)
  /// A key that signs for the log took another's place.
  case keyRotated(LogKeyRotated)
  /// A price changed.
  case priceChanged(PriceChanged)
  /// A key that signed beside the one that took its place signs no more.
  case keyRetired(LogKeyRetired)
  /// The signer's lost memory of what was signed was made anew.
  case signerRecovered(SignerRecovered)
  /// The newest heads of all teams' logs were covered by one root.
  case headsCovered(HeadsCovered)

  /// The note as an event.
  package var event: Event {
    switch self {
    case .erased(let event): .privateErased(event)
    case .exported(let event): .exportCreated(event)
    case .reportRead(let event): .reportRead(event)
    case .alertChanged(let event): .alertChanged(event)
    case .alertDelivered(let event): .alertDelivered(event)
    case .retentionChanged(let event): .retentionChanged(event)
    case .usageRemoved(let event): .usageRemoved(event)
    case .usageRebuilt(let event): .usageRebuilt(event)
    case .keyAnnounced(let event): .logKeyAnnounced(event)
    case .keyRotated(let event): .logKeyRotated(event)
    case .priceChanged(let event): .priceChanged(event)
    case .keyRetired(let event): .logKeyRetired(event)
    case .signerRecovered(let event): .signerRecovered(event)
    case .headsCovered(let event): .headsCovered(event)
    }
  }
}
