// Lines that tell of reports, alerts and retention. They change nothing in the book.

extension TeamBook {
  /// Checks the bounds of such a line. Only what the book knows can be compared: members, keys and the time.
  func checkReports(_ event: Event, at moment: Timestamp) throws(LedgerError) {
    switch event {
    case .alertChanged(let event):
      guard event.old != event.new else { throw .invalid(field: "new") }
      for (field, thresholds) in [("old", event.old), ("new", event.new)] {
        guard thresholds.map(Self.areThresholds) ?? true else { throw .invalid(field: field) }
      }
      try check(event.scope, event.subject)
    case .alertDelivered(let event):
      guard (1...1_000).contains(event.attempts) else { throw .invalid(field: "attempts") }
      guard event.status.map({ (100...999).contains($0) }) ?? true else { throw .invalid(field: "status") }
      guard event.threshold.map({ Self.areThresholds([$0]) }) ?? true else { throw .invalid(field: "threshold") }
      guard event.periodStart.isWithinLimits else { throw .invalid(field: "periodStart") }
    case .retentionChanged(let event):
      guard event.old != event.new else { throw .invalid(field: "new") }
      for (field, days) in [("old", event.old), ("new", event.new)] {
        guard days.map({ (1...RetentionChanged.daysMaximum).contains($0) }) ?? true else {
          throw .invalid(field: field)
        }
      }
    case .usageRemoved(let event):
      guard event.before <= moment else { throw .invalid(field: "before") }
      guard Credits(event.records).isWithinLimits else { throw .invalid(field: "records") }
      guard Credits(event.buckets).isWithinLimits else { throw .invalid(field: "buckets") }
    case .usageRebuilt(let event):
      guard event.start.isWithinLimits, event.start < event.end, event.end.isWithinLimits else {
        throw .invalid(field: "end")
      }
      guard Credits(event.changed).isWithinLimits else { throw .invalid(field: "changed") }
    default: return
    }
  }

  private func check(_ scope: BudgetScope, _ subject: UInt128) throws(LedgerError) {
    switch scope {
    case .team:
      guard subject == team.id.bits else { throw .unknownTeam(TeamID(bits: subject)) }
    case .member, .key: return
    }
  }

  /// Whether these are an alert's thresholds: some, ascending, within the bounds.
  private static func areThresholds(_ thresholds: [Int64]) -> Bool {
    (1...AlertChanged.thresholdsMaximum).contains(thresholds.count)
      && thresholds.allSatisfy { (1...AlertChanged.thresholdMaximum).contains($0) }
      && zip(thresholds, thresholds.dropFirst()).allSatisfy { $0 < $1 }
  }
}
