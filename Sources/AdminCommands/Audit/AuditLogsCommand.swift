import ArgumentParser
import Ledger
import LedgerStore

/// `tally audit logs`.
struct AuditLogsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "List the logs that a team has had.",
    discussion: """
      A log that could not go on was replaced by another one (tally audit recover).
      Its lines stay, and are read by its name: --log of tally audit export and tally
      audit proof. A receipt names the log that its line stands in.

      Example:
        tally audit logs acme
      """)

  @Argument(help: "The team's id or name, or operator.") var team: String
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let rows = try await database.withStore { store in
      let id = try await store.logOwner(named: team).id
      var rows: [OutputRow] = []
      for log in try await store.logs(of: id) { rows.append(OutputRow(log, try await store.newestHead(of: log))) }
      return rows
    }
    try Console.current.show(rows, asJSON: output.asJSON, whenEmpty: "There is no log.")
  }
}

extension OutputRow {
  fileprivate init(_ log: TeamLog, _ head: LogHead?) {
    self.init()
    add("log", "LOG", .string(log.origin))
    add("size", "LINES", .integer(log.size))
    add("firstIndex", "FIRST LINE", .integer(log.firstKept))
    add("headSize", "LINES SIGNED", .optional(head?.size), text: head == nil ? "none" : nil)
    add("signedAt", "SIGNED", head.map { .time($0.signedAt) } ?? .null, text: head == nil ? "-" : nil)
    add("replacedAt", "REPLACED", log.replacedAt.map { .time($0) } ?? .null, text: log.isReplaced ? nil : "goes on")
    add("teamId", nil, .id(log.team))
  }
}
