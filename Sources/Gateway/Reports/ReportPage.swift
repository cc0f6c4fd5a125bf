package import Ledger
package import LedgerStore
import TransparencyLog

/// One page of a report, as OpenAI's admin API has them; what is ours stands beside (docs/reports.md).
package struct ReportPage: Sendable {
  /// Which report.
  package var query: ReportQuery
  /// Whose.
  package var team: TeamID
  /// The bounds of its stretches of time, one more than there are.
  package var bounds: [Timestamp]
  /// What was used in each.
  package var usage: OrderedUsage
  /// The head that the numbers belong to.
  package var asOf: UsagePosition
  /// Where it goes on; nil: nowhere.
  package var next: ReportPageToken?

  /// A page of these.
  package init(
    query: ReportQuery, team: TeamID, bounds: [Timestamp], usage: OrderedUsage, asOf: UsagePosition,
    next: ReportPageToken?
  ) {
    self.query = query
    self.team = team
    self.bounds = bounds
    self.usage = usage
    self.asOf = asOf
    self.next = next
  }

  /// It as a table: one row for each result.
  package var table: [UInt8] {
    ReportTable(query.report, grouping: query.grouping, team: team).bytes(
      of: ReportRow.rows(of: usage, bounds: bounds).flatMap(\.self))
  }
}

extension UsagePosition {
  /// The root as a signed head writes it: Base64.
  package var rootText: String { Base64.encode(root.bytes) }
}

extension Timestamp {
  /// Seconds since 1970, rounded down.
  package var unixSeconds: Int64 {
    let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: Timestamp.microsecondsPerSecond)
    return rest < 0 ? seconds - 1 : seconds
  }
}
