import Ledger

/// The statement of a range as its two files: how each budget row came from its opening to its closing amounts.
struct Statement {
  let accounts: RangeAccounts
  /// Index behind the last line.
  let to: Int64

  private static let heading = [
    "scope", "subject", "period", "start", "end", "limitAtOpen", "limitAtClose", "usedAtOpen", "charges", "credits",
    "usedAtClose", "heldAtOpen", "holds", "settled", "released", "heldAtClose", "limitChanges",
  ]

  private var rows: [StatementRow] { accounts.statement.rows(at: accounts.lastAt) }

  /// The rows of `statement.csv`, the heading first.
  var table: [[UInt8]] {
    let cells = TableRow()
    return [TableRow.heading(Statement.heading)]
      + rows.map { row in
        cells.add(row.id.scope.rawValue)
        cells.add(Identifier<Never>(bits: row.id.subject))
        cells.add(row.id.period.rawValue)
        cells.add(row.id.start)
        cells.add(row.end)
        for number in [
          row.limitAtOpen?.value, row.limitAtClose?.value, row.usedAtOpen, row.charges, row.credits, row.usedAtClose,
          row.heldAtOpen, row.holds, row.settled, row.released, row.heldAtClose, row.limitChanges,
        ] { cells.add(number) }
        return Array(cells.finish())
      }
  }

  /// The bytes of `statement.json`: one row a line.
  var json: [UInt8] {
    let header = """
      {"version":\(BundleManifest.currentVersion),"log":"\(accounts.log)","teamId":"\(accounts.team)",\
      "from":\(accounts.from),"to":\(to),\
      "fromTime":\(JSONText.optional(accounts.firstAt?.rfc3339)),\
      "toTime":\(JSONText.optional(accounts.firstAt == nil ? nil : accounts.lastAt.rfc3339)),
      """
    let text = """
      \(header)
      "rows":[
      \(rows.map(Statement.json).joined(separator: ",\n"))
      ],
      "limitChanges":[
      \(accounts.statement.limitChanges.map(Statement.json).joined(separator: ",\n"))
      ],
      "totals":\(accounts.totals.json)}

      """
    return Array(text.utf8)
  }

  private static func json(_ row: StatementRow) -> String {
    """
    {"scope":"\(row.id.scope.rawValue)","subject":"\(Identifier<Never>(bits: row.id.subject))",\
    "period":"\(row.id.period.rawValue)","start":"\(row.id.start.rfc3339)",\
    "end":\(JSONText.optional(row.end?.rfc3339)),"limitAtOpen":\(JSONText.optional(row.limitAtOpen?.value)),\
    "limitAtClose":\(JSONText.optional(row.limitAtClose?.value)),"usedAtOpen":\(row.usedAtOpen),\
    "charges":\(row.charges),"credits":\(row.credits),"usedAtClose":\(row.usedAtClose),\
    "heldAtOpen":\(row.heldAtOpen),"holds":\(row.holds),"settled":\(row.settled),"released":\(row.released),\
    "heldAtClose":\(row.heldAtClose),"limitChanges":\(row.limitChanges)}
    """
  }

  private static func json(_ change: StatementRows.LimitChange) -> String {
    """
    {"index":\(change.index),"at":"\(change.at.rfc3339)","scope":"\(change.scope.rawValue)",\
    "subject":"\(change.subject)","period":\(JSONText.optional(change.row?.period.rawValue)),\
    "start":\(JSONText.optional(change.row?.start.rfc3339)),"old":\(JSONText.optional(change.old?.value)),\
    "new":\(JSONText.optional(change.new?.value))}
    """
  }
}
