import ArgumentParser
import Ledger
import LedgerStore

/// `tally audit erase`.
struct AuditEraseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase", abstract: "Take away what is personal of a member, or of single edits.",
    discussion: """
      Payloads of log lines, prompts, results, pictures' addresses, and a member's
      name and user id are taken away; ids, amounts and hashes stay, so that every
      proof and every export stays good. It is told by a line of the log. An erasure
      that was cut off goes on when the command is run again.

      Edits that are held or in doubt are needed until they are resolved: they are
      named, and nothing is erased. So it is on a team with a legal hold. Suspend a
      member first if no more edits of it are to come.

      Examples:
        tally audit erase acme --user user-12345 --reason "request of 2026-11-23"
        tally audit erase acme --record 6f1d2c3b-4a59-4687-8796-a5b4c3d2e1f0 --reason "a face in the picture"
      """)

  @Argument(help: "The team's id or name.") var team: String
  @Option(help: "The member: all edits that it has sent so far, its name and user id.") var user: String?
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Single edits, at most \(PrivateErased.recordsMaximum) at once.", valueName: "uuid"))
  var record: [RecordID] = []
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (user != nil) != !record.isEmpty else {
      throw ValidationError("Say what to erase: either --user, or --record with one uuid or more.")
    }
    guard record.count <= PrivateErased.recordsMaximum else {
      throw ValidationError("--record takes at most \(PrivateErased.recordsMaximum) edits at once.")
    }
    guard administrator.reason != nil else { throw ValidationError("Say why with --reason.") }
  }

  func run() async throws {
    let by = administrator.administrator
    let (id, report) = try await database.withStore { store in
      let id = try await store.team(named: team).id
      let progress = EraseProgress()
      defer { progress.end() }
      if let user {
        return (id, try await store.erase(member: user, of: id, by: by) { progress.show($0) })
      }
      return (id, try await store.erase(records: record, of: id, by: by) { progress.show($0) })
    }
    noteFinishedFirst(report.finishedFirst)
    if !output.asJSON {
      Console.current.note("Out of reach of this command:")
      for place in PersonalElsewhere.allCases { Console.current.note("  \(place.rawValue)") }
    }
    var row = OutputRow(report.erasure, of: id)
    row.add("finishedFirst", nil, report.finishedFirst.map { .id($0.id) } ?? .null)
    row.add("elsewhere", nil, .list(PersonalElsewhere.allCases.map { .string($0.rawValue) }))
    try Console.current.show(row, asJSON: output.asJSON)
  }
}

/// Says that an erasure which was cut off before was finished.
func noteFinishedFirst(_ first: Erasure?) {
  guard let first else { return }
  Console.current.note("Finished first what was cut off before: erasure \(first.id), \(first.counted) rows.")
}

extension OutputRow {
  init(_ erasure: Erasure, of team: TeamID) {
    self.init()
    add("erasureId", "ERASURE", .id(erasure.id))
    add("teamId", nil, .id(team))
    add("index", "LINE", .optional(erasure.index))
    add("counted", "ROWS", .integer(erasure.counted))
  }
}
