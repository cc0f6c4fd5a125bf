import Ledger

extension RandomTeam {
  /// A line about reports, alerts or retention.
  mutating func tellOfReports() -> Note {
    let id = NoteID(bits: newID())
    switch Int.random(in: 0..<5, using: &generator) {
    case 0:
      return .alertChanged(
        AlertChanged(alert: id, scope: .team, subject: team.book.team.id.bits, old: nil, new: [50, 100]))
    case 1:
      return .alertDelivered(
        AlertDelivered(
          alert: id, message: id, scope: .member, subject: newID(), periodStart: team.month.start,
          threshold: generator.chance(20) ? nil : 80, attempts: Int64.random(in: 1...9, using: &generator),
          status: generator.chance(20) ? nil : 204, isDelivered: generator.chance(50)))
    case 2: return .retentionChanged(RetentionChanged(old: nil, new: Int64.random(in: 1...500, using: &generator)))
    case 3: return .usageRemoved(UsageRemoved(removal: id, before: team.month.start, records: 1, buckets: 2))
    default:
      return .usageRebuilt(
        UsageRebuilt(
          rebuild: id, start: team.month.start, end: team.month.start.adding(seconds: 900), changed: 0))
    }
  }
}
