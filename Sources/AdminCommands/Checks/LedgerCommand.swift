import ArgumentParser
import Foundation
import Ledger
import LedgerStore

/// `tally ledger`.
struct LedgerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "Prove the ledger's invariants.", subcommands: [LedgerCheckCommand.self])
}

/// `tally ledger check`.
struct LedgerCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Replay the logs and compare them with every table.",
    discussion: """
      Reads in short transactions, so it may run beside a busy gateway. Exit status
      1 when an invariant is broken; each violation names the row. Work that nobody
      was charged for is listed as variance: it is the operator's, and no violation.

      Examples:
        tally ledger check
        tally ledger check acme --truth-log truth.jsonl
      """)

  @Argument(help: "The team's id or name; all teams by default.") var team: String?
  @Option(help: ArgumentHelp("The sandbox's truth log, to compare with what was charged.", valueName: "file"))
  var truthLog: String?
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let truth = try truthLog.map(TruthLogFile.read)
    let heldAtMost = try longestHold()
    let (teams, report) = try await database.withStore { store in
      let chosen = try await chosenTeams(store)
      let only = team == nil ? nil : chosen.first
      return (chosen.count, try await store.check(team: only, truthLog: truth, heldAtMost: heldAtMost))
    }
    try show(report, teams: teams)
    if !report.isSound { throw CommandFailure(.failed, "") }
  }

  /// How long a hold may be open without being in doubt: the gateway's own settings decide.
  private func longestHold() throws -> Duration {
    let settings = try database.reader()
    return try settings.duration(.upstreamTimeout, seconds: 1...ServeSettings.maximumUpstreamSeconds)
      + settings.duration(.inDoubtMargin, seconds: 1...ServeSettings.maximumMarginSeconds)
  }

  private func chosenTeams(_ store: LedgerStore) async throws -> [TeamID] {
    if let team { return [try await store.team(named: team).id] }
    return try await store.teams().map(\.id)
  }

  private func show(_ report: CheckReport, teams: Int) throws {
    let violations = report.violations
    if output.asJSON {
      var row = OutputRow()
      row.add("ok", nil, .boolean(violations.isEmpty))
      row.add("teams", nil, .integer(Int64(teams)))
      row.add("violations", nil, .list(violations.map { OutputRow($0).object }))
      row.add("variances", nil, .list(report.variances.map { OutputRow($0).object }))
      try Console.current.show(row, asJSON: true)
      return
    }
    if !report.variances.isEmpty {
      Console.current.line("Work that nobody was charged for:")
      try Console.current.show(report.variances.map { OutputRow($0) }, asJSON: false, whenEmpty: "")
    }
    if violations.isEmpty {
      Console.current.line("All invariants hold, \(teams) \(teams == 1 ? "team" : "teams") checked.")
    } else {
      try Console.current.show(violations.map { OutputRow($0) }, asJSON: false, whenEmpty: "")
      Console.current.note("Error: \(violations.count) violations")
    }
  }
}

/// A sandbox's truth log in a file.
enum TruthLogFile {
  /// Reads it. Throws `CommandFailure` where it is not readable, naming the line at fault.
  static func read(_ path: String) throws -> [TruthLogEntry] {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(.usage, "the truth log cannot be read: \(path)")
    }
    return try bytes.split(separator: UInt8(ascii: "\n")).enumerated().map { number, text in
      do throws(UpstreamFault) {
        return try TruthLogEntry(json: Array(text))
      } catch {
        throw CommandFailure(.failed, "line \(number + 1) of the truth log is no entry of one: \(error.message)")
      }
    }
  }
}

extension OutputRow {
  init(_ violation: Violation) {
    self.init()
    add("invariant", "INVARIANT", .string(violation.invariant.rawValue))
    add("teamId", "TEAM", violation.team.map { .id($0) } ?? .null)
    add("subject", "ROW", .string(violation.subject))
    add("message", "WHAT", .string(violation.message))
  }
}

extension OutputRow {
  init(_ variance: Variance) {
    self.init()
    add("reason", "VARIANCE", .string(variance.reason.rawValue))
    add("teamId", "TEAM", .id(variance.team))
    add("record", "RECORD", .string("\(variance.record)"))
    add("credits", "CREDITS", variance.credits.map { .integer($0.value) } ?? .null)
  }
}
