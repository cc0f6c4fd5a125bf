package import ArgumentParser

/// The `tally` command line (docs/command-line.md).
package struct Tally: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "tally",
    abstract: "A gateway that decides before an AI image edit is sent whether it fits the budget.",
    discussion: """
      Try it with a stand-in upstream and the embedded database:
        tally sandbox --listen 127.0.0.1:9000
        TALLY_UPSTREAM_KEY=anything tally serve --upstream-url http://127.0.0.1:9000

      Make a team, a member with a monthly limit, and a key:
        tally team create acme
        tally member add acme user-12345 --name "John Doe" --limit 1000000
        tally key issue acme user-12345

      Every verb takes --json. Exit status: 0 done, 1 failed or an invariant is
      broken, 64 wrong usage, 69 database not reachable, 75 data folder in use.
      """,
    groupedSubcommands: [
      CommandGroup(
        name: "Operation",
        subcommands: [
          ServeCommand.self, MigrateCommand.self, SandboxCommand.self, KeysCommand.self, DoctorCommand.self,
        ]
      ),
      CommandGroup(
        name: "Administration",
        subcommands: [
          TeamCommand.self, MemberCommand.self, KeyCommand.self, PriceCommand.self, PeriodCommand.self,
          AlertCommand.self,
        ]),
      CommandGroup(
        name: "Ledger",
        subcommands: [RecordsCommand.self, ReportCommand.self, LedgerCommand.self, AuditCommand.self]),
      CommandGroup(name: "Measurement", subcommands: [BenchCommand.self]),
    ])

  package init() {}
}
