import ArgumentParser
import Gateway
import LedgerStore

/// `tally bench teams`.
struct BenchTeamsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "teams", abstract: "Make teams with keys for `tally bench edits`.",
    discussion: """
      Prints the keys, one on each line. They have no rate limit and no budget, and
      the teams are named tally-bench-...: for a database that can be thrown away.
      It refuses one that holds other teams.

      Example:
        tally bench teams --teams 100 > keys.txt
      """)

  @Option(help: ArgumentHelp("How many teams.", valueName: "n")) var teams = 1
  @Option(help: ArgumentHelp("Members of each team, each with one key.", valueName: "n")) var members = 1
  @Flag(help: "Write into a database that holds other teams, too.") var besideOtherTeams = false
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try BenchLedgerCommand.check(teams, in: 1...BenchLedgerCommand.maximumTeams, "--teams")
    try BenchLedgerCommand.check(members, in: 1...BenchLedgerCommand.maximumMembers, "--members")
  }

  func run() async throws {
    let made = try await database.withStore { store in
      if !besideOtherTeams { try await BenchTeam.refuseOthers(in: store) }
      return try await BenchTeam.make(teams, membersEach: members, in: store)
    }
    if output.asJSON {
      let rows = made.flatMap { team, keys in
        zip(team.members, keys).map { member, key in
          var row = OutputRow()
          row.add("teamId", nil, .id(team.id))
          row.add("userId", nil, .string(member.userID))
          row.add("key", nil, .string(key.text))
          return row
        }
      }
      try Console.current.show(rows, asJSON: true, whenEmpty: "")
    } else {
      for key in made.flatMap(\.keys) { Console.current.line(key.text) }
    }
  }
}
