import ArgumentParser

/// `tally report`: what was used, by whom, on what, when (docs/reports.md).
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Show what a team used, who used most, and how long budgets will last.",
    subcommands: [
      ReportUsageCommand.self, ReportTopCommand.self, ReportForecastCommand.self, ReportRebuildCommand.self,
    ])
}
