import ArgumentParser
import Ledger
package import LedgerStore

/// `tally period`: calendar months of a team, and their closing.
struct PeriodCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "period", abstract: "Close a team's months, and list those that are closed.",
    subcommands: [PeriodCloseCommand.self, PeriodListCommand.self])
}

/// `tally period close`.
struct PeriodCloseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "close", abstract: "Close a month that is over.",
    discussion: """
      A line with the hash of the whole book: an export may begin there. The gateway
      closes each team's last month by itself; this is for who cannot wait. A month
      that is closed stays as it is, and closing one closes those before it.

      Example:
        tally period close acme 2026-11 --reason "for the auditor"
      """)

  @Argument(help: "The team's id or name.") var team: String
  @Argument(help: ArgumentHelp("The month in the team's zone.", valueName: "yyyy-mm")) var month: CalendarMonth
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let (id, closed) = try await database.withStore { store in
      let id = try await store.team(named: team).id
      return (id, try await store.closePeriod(team: id, month: month, by: administrator.administrator))
    }
    try Console.current.show(OutputRow(closed, of: id), asJSON: output.asJSON)
  }
}

/// `tally period list`.
struct PeriodListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the months of a team that are closed.",
    discussion: """
      Example:
        tally period list acme
      """)

  @Argument(help: "The team's id or name.") var team: String
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let (id, closed) = try await database.withStore { store in
      let id = try await store.team(named: team).id
      return (id, try await store.closedPeriods(of: id))
    }
    try Console.current.show(
      closed.map { OutputRow($0, of: id) }, asJSON: output.asJSON, whenEmpty: "No month is closed.")
  }
}

extension CalendarMonth: ExpressibleByArgument {
  package init?(argument: String) {
    self.init(argument)
  }
}

extension OutputRow {
  init(_ period: ClosedPeriod, of team: TeamID) {
    self.init()
    add("month", "MONTH", .string(period.month))
    add("start", "START", .time(period.start))
    add("end", "END", .time(period.end))
    add("index", "LINE", .integer(period.index))
    add("book", "BOOK", .string("\(period.book)"))
    add("teamId", nil, .id(team))
  }
}
