import ArgumentParser
import Gateway
import Ledger
import LedgerStore

/// `tally report usage`.
struct ReportUsageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "usage", abstract: "Show what a team used.",
    discussion: """
      Without --bucket there is one row for each group over the whole time; with it,
      one for each group and bucket in which something was used. Days, weeks (from
      Monday on) and months are those of the zone, also where clocks change. Usage
      counts when its edit was settled or refused; credits are what was charged less
      what was given back, so the totals are the ledger's, however they are grouped.

      Examples:
        tally report usage acme --from 2026-11-01 --to 2026-12-01 --by user,model
        tally report usage acme --bucket 1d --format chart
        tally report usage acme --by user --bucket 1M --format csv > usage.csv
      """)

  @Argument(help: "The team's id or name.") var team: String
  @OptionGroup var range: ReportRangeOptions
  @Option(
    help: ArgumentHelp("Any of user,model,quality,size,key,status.", valueName: "groups"),
    transform: { try ReportGroups(parsing: $0) })
  var by = ReportGroups()
  @Option(help: ArgumentHelp("How long a bucket is; at most 50000 buckets in all.", valueName: "width"))
  var bucket: BucketWidth?
  @Option(help: ArgumentHelp("How it is printed.", valueName: "format")) var format: ReportFormat?
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if output.asJSON, let format, format != .json {
      throw ValidationError("--json is --format json: give one of them.")
    }
  }

  private var shownFormat: ReportFormat { format ?? (output.asJSON ? .json : .table) }

  /// A chart of nothing but one bar says little: it has one for each day.
  private var width: BucketWidth? {
    bucket ?? (shownFormat == .chart && by.groups.isEmpty ? .day : nil)
  }

  func run() async throws {
    let reading = try await CommandFailure.naming(UsageReading.options) {
      try await database.withStore { store in
        let team = try await store.team(named: team)
        try await store.noteReading(of: ReportKind.usage.rawValue, of: team.id)
        return try await UsageReading(store, team: team, range, width: width, by: by, now: .ofSystem())
      }
    }
    let console = Console.current
    switch shownFormat {
    case .json: console.line(try Console.json(json(reading)))
    case .csv: console.text(csv(reading))
    case .table:
      let rows = reading.buckets.joined().map { OutputRow($0, by: by, start: start(of: $0, reading)) }
      guard !rows.isEmpty else { return console.note("Nothing was used \(reading.words).") }
      // One row for everything is the total already.
      let isWhole = width == nil && by.groups.isEmpty
      let total = OutputRow(total: reading.total, by: by, hasStart: width != nil)
      console.line(TextTable(rows + (isWhole ? [] : [total])).text)
      console.note(reading.words)
    case .chart:
      console.line("credits \(reading.words)")
      for line in BarChart(bars: bars(reading), isColoured: BarChart.terminalHasColours).lines { console.line(line) }
      console.line("\(reading.total.credits) credits, \(CostAmount.text(reading.total.credits)) USD")
    }
  }

  private func start(of row: ReportRow, _ reading: UsageReading) -> String? {
    width.map { reading.label(of: row.start, $0) }
  }

  private func bars(_ reading: UsageReading) -> [BarChart.Bar] {
    zip(reading.bounds, reading.buckets).flatMap { start, rows -> [BarChart.Bar] in
      let label = width.map { reading.label(of: start, $0) }
      // A bucket without usage is a gap that is to be seen.
      if rows.isEmpty, let label { return [BarChart.Bar(label: label, value: 0)] }
      return rows.map { row in
        let texts = (label.map { [$0] } ?? []) + by.groups.map { row.text(of: $0) ?? "-" }
        return BarChart.Bar(label: texts.joined(separator: "  "), value: row.counts.credits)
      }
    }
  }

  private func csv(_ reading: UsageReading) -> String {
    let table = ReportTable(
      .usage, grouping: by.dimensions, team: reading.team.id, hasStatus: by.groups.contains(.status))
    return String(decoding: table.bytes(of: Array(reading.buckets.joined())), as: UTF8.self)
  }

  private func json(_ reading: UsageReading) -> OutputValue {
    var total = OutputRow()
    total.add(reading.total)
    var fields = reading.fields
    fields["bucket"] = .optional(width?.rawValue)
    fields["by"] = by.value
    fields["rows"] = .list(reading.buckets.joined().map { OutputRow($0, by: by, start: nil).object })
    fields["total"] = total.object
    return .object(fields)
  }
}

extension UsageReading {
  /// How a bucket's first moment is shown: the date, with the time where buckets are shorter than days, and how far clocks
  /// are ahead of UTC where they show that time twice.
  func label(of start: Timestamp, _ width: BucketWidth) -> String {
    let text = range.clock.text(start)
    switch width {
    case .minute, .quarterHour, .hour:
      return range.clock.isShownTwice(start) ? "\(text) \(range.clock.offsetText(at: start))" : text
    case .day, .week, .month: return String(text.prefix(10))
    }
  }
}
