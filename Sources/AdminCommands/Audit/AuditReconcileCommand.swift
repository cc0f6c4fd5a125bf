import ArgumentParser
import Ledger
import LedgerStore
import Synchronization

/// `tally audit reconcile`.
struct AuditReconcileCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconcile", abstract: "Compare what was charged with the upstream's own usage figures.",
    discussion: """
      What was never logged shows only here. The file has a JSON object a line, as
      the sandbox's truth log, or is a JSON array of them, or CSV with a heading: at
      (RFC 3339), uuid (the upstream's id) or requestId (the record) or both, and if
      the upstream says so credits, worked (true, false) and type (IMAGE_EDITOR). All
      teams' calls belong into it, also where one team is judged.

      A call and its edit must lie within an hour. At most
      \(Reconciliation.callsMaximum) calls are compared at once: take a shorter time
      for more. Exit status 1 when they disagree.

      Examples:
        tally audit reconcile --all --upstream usage.csv --from 2026-11-01 --to 2026-12-01
        tally audit reconcile acme --upstream truth.jsonl --from 2026-11-01 --to 2026-12-01 --json
      """)

  @Argument(help: "The team's id or name.") var team: String?
  @Flag(help: "All teams.") var all = false
  @Option(help: ArgumentHelp("The upstream's list of its calls.", valueName: "file")) var upstream: String
  @Option(help: ArgumentHelp("First moment: RFC 3339, or a date in the team's zone (UTC for all).", valueName: "time"))
  var from: MomentArgument
  @Option(help: ArgumentHelp("First moment that is not in it any more.", valueName: "time")) var to: MomentArgument
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (team != nil) != all else { throw ValidationError("Name a team, or say --all.") }
    for moment in [from, to] {
      if case .after = moment { throw ValidationError("--from and --to take a time or a date.") }
    }
  }

  func run() async throws {
    let file = try UpstreamFile(upstream)
    let (report, from, to) = try await database.withStore { store in
      let found = if let team { try await store.team(named: team) } else { TeamView?.none }
      let now = LedgerStoreSettings.systemClock()
      let from = try self.from.resolved(timeZone: found?.timeZone ?? "UTC", now: now)
      let to = try self.to.resolved(timeZone: found?.timeZone ?? "UTC", now: now)
      guard from < to else { throw CommandFailure(.usage, "--to must lie behind --from") }
      guard from <= now else { throw CommandFailure(.usage, "--from lies in the future") }
      var reconciliation = Reconciliation(from: from, to: to, team: found?.id)
      try file.forEachCall { call in try reconciliation.take(call) }
      let progress = Mutex(ProgressLine(words: "seconds compared"))
      defer { progress.withLock { $0.end() } }
      let report = try await store.reconcile(reconciliation) { done, all in
        progress.withLock { $0.show(done, of: all) }
      }
      return (report, from, to)
    }
    try show(report, from, to)
    if !report.agrees { throw CommandFailure(.failed, "") }
  }

  private func show(_ report: ReconciliationReport, _ from: Timestamp, _ to: Timestamp) throws {
    let listed = report.findings.map { OutputRow($0) }
    let all = report.counts.values.reduce(0, +)
    if output.asJSON {
      var row = OutputRow()
      row.add("ok", nil, .boolean(report.agrees))
      row.add("from", nil, .time(from))
      row.add("to", nil, .time(to))
      row.add("totals", nil, OutputRow(report.totals).object)
      row.add(
        "counts", nil,
        .object(
          Dictionary(
            uniqueKeysWithValues: ReconciliationFinding.Kind.allCases.map {
              ($0.rawValue, .integer(report.counts[$0] ?? 0))
            })))
      row.add("findings", nil, .list(listed.map(\.object)))
      return try Console.current.show(row, asJSON: true)
    }
    if !listed.isEmpty { try Console.current.show(listed, asJSON: false, whenEmpty: "") }
    if all > Int64(listed.count) { Console.current.note("\(all - Int64(listed.count)) more are not listed.") }
    try Console.current.show(OutputRow(report.totals), asJSON: false)
    Console.current.note(
      report.agrees
        ? "The ledger and the upstream's figures agree." : "Error: the ledger and the upstream's figures disagree")
  }
}

extension OutputRow {
  init(_ finding: ReconciliationFinding) {
    self.init()
    add("kind", "FINDING", .string(finding.kind.rawValue))
    add("agrees", "AGREES", .boolean(finding.kind.agrees))
    add("at", "AT", .time(finding.at))
    add("ledgerCredits", "LEDGER", .optional(finding.ledgerCredits?.value))
    add("upstreamCredits", "UPSTREAM", .optional(finding.upstreamCredits?.value))
    add("record", "RECORD", finding.record.map { .id($0) } ?? .null)
    add("upstreamUuid", "UPSTREAM ID", .optional(finding.upstreamUUID))
    add("teamId", "TEAM", finding.team.map { .id($0) } ?? .null)
  }

  init(_ totals: ReconciliationReport.Totals) {
    self.init()
    add("upstreamEdits", "UPSTREAM EDITS", .integer(totals.upstreamEdits))
    add("upstreamCredits", "UPSTREAM CREDITS", .integer(totals.upstreamCredits))
    add("edits", "EDITS", .integer(totals.edits))
    add("matched", "MATCHED", .integer(totals.matched))
    add("charged", "CHARGED", .integer(totals.charged))
    add("credited", "CREDITED", .integer(totals.credited))
    add("variance", "VARIANCE", .integer(totals.variance))
  }
}
