import ArgumentParser
import Foundation
import Ledger
import LedgerStore

/// `tally bench ledger`.
struct BenchLedgerCommand: AsyncParsableCommand {
  /// A table of more teams takes minutes to make and measures nothing else.
  static let maximumTeams = 20_000
  /// Members of one team.
  static let maximumMembers = 1_000
  private static let maximumClients = 100_000

  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "Measure the engine: hold and settle, with all that a real edit writes.",
    discussion: """
      Clients in this process each take a hold and settle it, one edit after the
      other, without a network and without an upstream. Every edit is durable: two
      commits, two log lines with their private payload, the record, the budgets of
      team and member, the usage bucket and the result's asset.

      It makes teams of its own, named tally-bench-..., or takes those that an
      earlier run made, and leaves them and their records behind: give it a
      database that can be thrown away. It refuses one that holds other teams. At
      the end every budget must have used exactly what its edits cost, else the
      exit status is 1.

      Examples:
        tally bench ledger --data-dir /tmp/bench --seconds 10
        tally bench ledger --hot --clients 1024 --json
      """)

  @Option(help: ArgumentHelp("Teams that share the edits.", valueName: "n")) var teams = 1_000
  @Flag(help: "One team has all the edits: the same as --teams 1.") var hot = false
  @Option(help: ArgumentHelp("Members of each team, each with one key.", valueName: "n")) var members = 4
  @Option(help: ArgumentHelp("Edits at work at the same time.", valueName: "n")) var clients = 1_024
  @Option(help: ArgumentHelp("How long is measured: 10, 30s, 5m.", valueName: "time")) var seconds = DurationArgument(
    seconds: 10)
  @Option(help: ArgumentHelp("How long the clients run before that.", valueName: "time")) var warmUp = DurationArgument(
    seconds: 2)
  @Option(help: ArgumentHelp("Stop after so many edits, warm-up included; 0: only time counts.", valueName: "n"))
  var edits = 0
  @Option(help: ArgumentHelp("Length of the prompts, in characters.", valueName: "n")) var promptLength = BenchEdit
    .usualPromptLength
  @Option(
    help: ArgumentHelp("Lanes that write to the database (TALLY_LANES; default as many as cores).", valueName: "n"))
  var lanes: String?
  @Flag(help: "Write into a database that holds other teams, too.") var besideOtherTeams = false
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try Self.check(teams, in: 1...Self.maximumTeams, "--teams")
    try Self.check(members, in: 1...Self.maximumMembers, "--members")
    try Self.check(clients, in: 1...Self.maximumClients, "--clients")
    try Self.check(edits, in: 0...Int.max, "--edits")
    try Self.check(promptLength, in: 1...BenchEdit.maximumPromptLength, "--prompt-length")
    guard seconds.seconds > 0 else { throw ValidationError("--seconds takes at least 1.") }
    if hot, teams != 1_000, teams != 1 { throw ValidationError("--hot is one team: give it without --teams.") }
  }

  static func check(_ value: Int, in range: ClosedRange<Int>, _ name: String) throws {
    guard range.contains(value) else {
      throw ValidationError("\(name) takes a number from \(range.lowerBound) to \(range.upperBound).")
    }
  }

  func run() async throws {
    let settings = try database.reader(adding: lanes.map { [.lanes: $0] } ?? [:])
    let cores = Int64(max(1, ProcessInfo.processInfo.activeProcessorCount))
    let laneCount = Int(try settings.number(.lanes, in: 1...ServeSettings.maximumLanes) ?? cores)
    let plan = LedgerBench.Plan(
      teams: hot ? 1 : teams, membersPerTeam: members, clients: clients, lanes: laneCount, measured: seconds.duration,
      warmUp: warmUp.duration, maximumEdits: edits, promptLength: promptLength)
    let report = try await LedgerDatabase.use(settings, logger: try .forCommands(settings)) { database, logger in
      try await database.migrateIfEmbedded(logger: logger)
      let store = try await database.openStore(settings, instance: .random(), lanes: laneCount, logger: logger)
      do {
        if !besideOtherTeams { try await BenchTeam.refuseOthers(in: store) }
        let report = try await LedgerBench(plan: plan, store: store).run()
        await store.close(within: LedgerDatabase.closeLimit)
        return report
      } catch {
        await store.close(within: LedgerDatabase.closeLimit)
        throw error
      }
    }
    try Console.current.show(report.row, asJSON: output.asJSON)
    if let fault = report.fault { throw CommandFailure(.failed, fault) }
  }
}
