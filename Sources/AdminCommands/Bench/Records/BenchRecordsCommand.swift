import ArgumentParser
import Foundation
import Ledger
import LedgerStore

/// `tally bench records`.
struct BenchRecordsCommand: AsyncParsableCommand {
  private static let maximumEdits = 1_000_000_000
  private static let maximumMonths = 120
  private static let maximumWriters = 64

  static let configuration = CommandConfiguration(
    commandName: "records", abstract: "Make months of edits of many teams, for reports and exports to work on.",
    discussion: """
      Every edit is decided by the ledger's own rules at a time of its own: holds,
      settlements, releases, refusals for lack of credits, credits given back, months
      that are closed. All rows are those that a gateway writes. Teams, members, days
      and choices are of unequal weight, as in life: the largest of 200 teams has a
      tenth of all edits.

      An edit takes about 4 KB on disk. The teams are named tally-bench-..., and
      stay: give it a database that can be thrown away, and that no gateway serves
      meanwhile. It refuses one that holds other teams. With --json it also lists the
      teams, the largest first, each with its administrator's key.

      Examples:
        tally bench records --data-dir /tmp/bench --edits 100000
        tally bench records --teams 200 --edits 10000000 --months 13 --json > teams.json
      """)

  @Option(help: ArgumentHelp("How many teams.", valueName: "n")) var teams = 200
  @Option(help: ArgumentHelp("How many edits, those included that are refused.", valueName: "n")) var edits = 100_000
  @Option(help: ArgumentHelp("Over how many calendar months, the last one until --end.", valueName: "n")) var months =
    13
  @Option(help: ArgumentHelp("Members of the largest team, each with one key.", valueName: "n")) var members = 250
  @Option(help: ArgumentHelp("Length of the prompts, in characters.", valueName: "n")) var promptLength = 60
  @Option(help: ArgumentHelp("The same number makes the same edits; default: at random.", valueName: "n")) var seed:
    UInt64?
  @Option(help: ArgumentHelp("When the last edits are sent: RFC 3339, or a date; default: now.", valueName: "time"))
  var end: MomentArgument?
  @Option(
    help: ArgumentHelp("Teams that are written at the same time; default: one more than cores.", valueName: "n"))
  var writers: Int?
  @Flag(help: "Write into a database that holds other teams, too.") var besideOtherTeams = false
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try BenchLedgerCommand.check(teams, in: 1...BenchLedgerCommand.maximumTeams, "--teams")
    try BenchLedgerCommand.check(edits, in: 1...Self.maximumEdits, "--edits")
    try BenchLedgerCommand.check(months, in: 1...Self.maximumMonths, "--months")
    try BenchLedgerCommand.check(members, in: 1...BenchLedgerCommand.maximumMembers, "--members")
    try BenchLedgerCommand.check(promptLength, in: 1...BenchEdit.maximumPromptLength, "--prompt-length")
    if let writers { try BenchLedgerCommand.check(writers, in: 1...Self.maximumWriters, "--writers") }
  }

  func run() async throws {
    let now = Timestamp.now()
    let end = try end?.resolved(timeZone: "UTC", now: now) ?? now
    guard end <= now else { throw CommandFailure(.usage, "--end lies in the future: no edit can be older than that.") }
    let plan = RecordsPlan(
      teams: teams, edits: edits, months: months, members: members, promptLength: promptLength,
      seed: seed ?? .random(in: .min ... .max), end: end)
    let writers = writers ?? ProcessInfo.processInfo.activeProcessorCount + 1
    let report = try await database.withStore { store in
      if !besideOtherTeams { try await BenchTeam.refuseOthers(in: store) }
      return try await RecordsBench(plan: plan, writers: writers, store: store).run()
    }
    try Console.current.show(report.row, asJSON: output.asJSON)
  }
}
