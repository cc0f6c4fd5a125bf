import Audit
package import Ledger
import LedgerStore

/// A report as a table in RFC 4180, for spreadsheets (docs/reports.md, tables).
package struct ReportTable: Sendable {
  private let report: ReportKind
  private let grouping: Set<ReportDimension>
  private let team: TeamID
  private let hasStatus: Bool

  /// A table of a report of `team` that is grouped so.
  /// - Parameter hasStatus: whether there is a column for what became of the edits.
  package init(_ report: ReportKind, grouping: Set<ReportDimension>, team: TeamID, hasStatus: Bool = false) {
    self.report = report
    self.grouping = grouping
    self.team = team
    self.hasStatus = hasStatus
  }

  /// Names of the columns that every report has, of those of its own, in front of `credits`.
  private var heading: [String] {
    let own =
      switch report {
      case .usage: ["images", "num_model_requests", "num_refused", "num_failed"]
      case .costs: ["line_item", "amount_value", "amount_currency"]
      }
    return ["start_time", "end_time", "project_id", "user_id", "api_key_id", "model", "quality", "size", "source"]
      + (hasStatus ? ["status"] : []) + own + ["credits"]
  }

  /// The heading and one row for each of `rows`, each ended by CR LF.
  package func bytes(of rows: [ReportRow]) -> [UInt8] {
    var bytes = TableRow.heading(heading)
    let cells = TableRow()
    for row in rows {
      write(row, to: cells)
      bytes += cells.finish()
    }
    return bytes
  }

  private func write(_ row: ReportRow, to cells: TableRow) {
    cells.add(second: row.start)
    cells.add(second: row.end)
    cells.add(has(.project) ? team : nil)
    cells.add(row.user)
    cells.add(row.group.key)
    cells.add(has(.model) ? row.group.model : nil)
    cells.add(has(.quality) ? row.group.quality : nil)
    cells.add(has(.size) ? row.group.size : nil)
    cells.add(has(.source) ? ReportDimension.onlySource : nil)
    if hasStatus { cells.add(row.status) }
    switch report {
    case .usage:
      for count in [row.counts.images, row.counts.settled, row.counts.refused, row.counts.released] { cells.add(count) }
    case .costs:
      cells.add(has(.lineItem) ? row.lineItem?.text : nil)
      cells.add(number: CostAmount.text(row.counts.credits))
      cells.add(CostAmount.currency)
    }
    cells.add(row.counts.credits)
  }

  private func has(_ dimension: ReportDimension) -> Bool {
    grouping.contains(dimension)
  }
}
