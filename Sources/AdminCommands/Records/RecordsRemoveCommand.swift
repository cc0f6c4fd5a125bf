import ArgumentParser
import Ledger
import LedgerStore

/// `tally records remove`.
struct RecordsRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove records and usage that a team keeps no longer.",
    discussion: """
      `tally team set --keep-records` says how long that is. Only whole months go
      that are closed, and never an edit that is open or in doubt. The lines of the
      log stay: they tell what was charged, and reports of what is left add up as
      before. A legal hold stops it. `tally serve` does this on its own, too.

      Examples:
        tally records remove acme --dry-run
        tally records remove acme --reason "kept for 400 days"
      """)

  @Argument(help: "The team's id or name.") var team: String
  @Flag(help: "Only say how much it is.") var dryRun = false
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard dryRun || administrator.reason != nil else { throw ValidationError("Say why with --reason, or --dry-run.") }
  }

  func run() async throws {
    let by = administrator.administrator
    let (row, isHeld) = try await database.withStore { store in
      let team = try await store.team(named: team)
      if dryRun { return (OutputRow(planned: try await store.removalPlan(of: team.id), of: team), team.isOnLegalHold) }
      return (OutputRow(removed: try await store.removeOld(of: team.id, by: by), of: team), false)
    }
    try Console.current.show(row, asJSON: output.asJSON)
    if isHeld {
      Console.current.note(
        "the team is on legal hold: nothing of this goes before `tally audit legal-hold lift \(team)`")
    }
  }
}

extension OutputRow {
  fileprivate init(planned plan: RemovalPlan?, of team: TeamView) {
    self.init(
      team: team.id, before: plan?.before, records: plan?.records ?? 0, buckets: plan?.buckets ?? 0, removal: nil,
      place: nil)
    add("isOnLegalHold", "LEGAL HOLD", .boolean(team.isOnLegalHold))
  }

  fileprivate init(removed removal: Removal?, of team: TeamView) {
    self.init(
      team: team.id, before: removal?.before, records: removal?.records ?? 0, buckets: removal?.buckets ?? 0,
      removal: removal?.id, place: removal?.index)
  }

  private init(
    team: TeamID, before: Timestamp?, records: Int64, buckets: Int64, removal: NoteID?, place: Int64?
  ) {
    self.init()
    add("teamId", "TEAM", .id(team))
    add("before", "BEFORE", .time(before), text: before == nil ? "nothing is old enough" : nil)
    add("records", "RECORDS", .integer(records))
    add("usageRows", "USAGE ROWS", .integer(buckets))
    add("index", "LINE", .optional(place))
    add("removalId", nil, removal.map { .id($0) } ?? .null)
  }
}
