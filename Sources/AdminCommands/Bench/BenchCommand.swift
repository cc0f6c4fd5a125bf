import ArgumentParser

/// `tally bench`: how fast the ledger's engine and a whole gateway are here (Tests/Benchmarks/README.md).
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure how fast the engine and a gateway are on this machine.",
    subcommands: [BenchLedgerCommand.self, BenchEditsCommand.self, BenchTeamsCommand.self, BenchRecordsCommand.self])
}
