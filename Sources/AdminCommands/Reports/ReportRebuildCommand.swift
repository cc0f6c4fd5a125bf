import ArgumentParser
import Gateway
import Ledger
import LedgerStore

/// `tally report rebuild`.
struct ReportRebuildCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild", abstract: "Compute usage anew from the log.",
    discussion: """
      Recomputes the quarters of an hour from one time up to another, and the days
      and months in which they lie, from the log's lines, and says how many rows were
      wrong. `tally ledger check` tells whether there are any. Edits go on meanwhile,
      in the same rows, too. Bounds are whole quarters of an hour; a date is the
      beginning of its day in the team's zone. One that was cut off is run again.

      Examples:
        tally report rebuild acme --from 2026-11-01 --to 2026-12-01 --reason "a damaged disk"
        tally report rebuild acme --from 2026-11-02T08:15:00Z --to 2026-11-02T08:30:00Z \\
          --reason "the check named a row"
      """)

  @Argument(help: "The team's id or name.") var team: String
  @Option(help: ArgumentHelp("The first moment: RFC 3339, or a date.", valueName: "time")) var from: MomentArgument
  @Option(help: ArgumentHelp("Behind the last moment: RFC 3339, or a date.", valueName: "time")) var to: MomentArgument
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    for bound in [from, to] {
      if case .after = bound { throw ValidationError("--from and --to take a time (RFC 3339) or a date (2026-11-01).") }
    }
    guard administrator.reason != nil else { throw ValidationError("Say why with --reason.") }
  }

  func run() async throws {
    let (id, rebuilt) = try await CommandFailure.naming(["from": "--from", "to": "--to"]) {
      try await database.withStore { store in
        let team = try await store.team(named: team)
        let now = Timestamp.ofSystem()
        let rebuilt = try await store.rebuildUsage(
          of: team.id, from: try from.resolved(timeZone: team.timeZone, now: now),
          to: try to.resolved(timeZone: team.timeZone, now: now), by: administrator.administrator)
        return (team.id, rebuilt)
      }
    }
    try Console.current.show(OutputRow(rebuilt, of: id), asJSON: output.asJSON)
  }
}

extension OutputRow {
  /// What a rebuilding did.
  fileprivate init(_ rebuilt: RebuiltUsage, of team: TeamID) {
    self.init()
    add("teamId", "TEAM", .id(team))
    add("from", "FROM", .time(rebuilt.start))
    add("to", "TO", .time(rebuilt.end))
    add("changed", "ROWS CHANGED", .integer(rebuilt.changed))
    add("index", "LINE", .integer(rebuilt.index))
  }
}
