import ArgumentParser
import Ledger
import LedgerStore

/// `tally audit prune`.
struct AuditPruneCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune", abstract: "Blank old log lines and keep their hashes.",
    discussion: """
      Lines and payloads from before a month are taken away; leaf hashes and nodes
      stay, so that old receipts and proofs, and exports of what is left, stay good.
      What is left begins where a month was closed before the first line of that
      month: the one before it stays, too, where edits came between its end and its
      closing. Records, budgets and usage are not touched. Export what you want to
      keep first.

      Lines of refusals stay as long as Idempotency-Keys do, 30 days at least.

      Examples:
        tally audit prune acme --before 2026-11 --reason "kept for ten years"
        tally audit prune --all-teams --before 2026-11 --reason "kept for ten years"
      """)

  @Argument(help: "The team's id or name.") var team: String?
  @Flag(help: "All teams; those on legal hold, and those without a closed month before it, are passed over.")
  var allTeams = false
  @Option(help: ArgumentHelp("The first month that is kept whole.", valueName: "yyyy-mm")) var before: CalendarMonth
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (team != nil) != allTeams else { throw ValidationError("Name a team, or say --all-teams.") }
    guard administrator.reason != nil else { throw ValidationError("Say why with --reason.") }
  }

  func run() async throws {
    let by = administrator.administrator
    if let team {
      let (id, report) = try await database.withStore { store in
        let id = try await store.team(named: team).id
        let progress = EraseProgress()
        defer { progress.end() }
        return (id, try await store.prune(before: before, of: id, by: by) { progress.show($0) })
      }
      noteFinishedFirst(report.finishedFirst)
      if report.erasure == nil { Console.current.note("There is \(report.nothingToTake).") }
      return try Console.current.show(OutputRow(report, of: id), asJSON: output.asJSON)
    }
    let rows = try await database.withStore { store in try await pruneAll(store, by) }
    try Console.current.show(rows, asJSON: output.asJSON, whenEmpty: "There are no teams.")
  }

  private func pruneAll(_ store: LedgerStore, _ by: Administrator) async throws -> [OutputRow] {
    var rows: [OutputRow] = []
    for team in try await store.teams() {
      do throws(StoreError) {
        let progress = EraseProgress()
        defer { progress.end() }
        let report = try await store.prune(before: before, of: team.id, by: by) { progress.show($0) }
        noteFinishedFirst(report.finishedFirst)
        rows.append(OutputRow(report, of: team.id))
      } catch {
        switch error.reason {
        case .conflict, .notAllowed: rows.append(OutputRow(passedOver: team.id, because: error.description))
        default: throw error
        }
      }
    }
    return rows
  }
}

extension PruningReport {
  /// Why nothing was done and no line tells of it.
  fileprivate var nothingToTake: String { "nothing to take: the log begins at line \(firstLine) already" }
}

extension OutputRow {
  init(_ report: PruningReport, of team: TeamID) {
    self.init()
    add("teamId", "TEAM", .id(team))
    add("before", "FIRST LINE", .integer(report.firstLine))
    add("counted", "ROWS", .integer(report.erasure?.counted ?? 0))
    add("index", "LINE", .optional(report.erasure?.index))
    add("erasureId", nil, report.erasure.map { .id($0.id) } ?? .null)
    add("passedOver", "PASSED OVER", report.erasure == nil ? .string(report.nothingToTake) : .null)
  }

  init(passedOver team: TeamID, because reason: String) {
    self.init()
    add("teamId", "TEAM", .id(team))
    add("before", "FIRST LINE", .null)
    add("counted", "ROWS", .integer(0))
    add("index", "LINE", .null)
    add("erasureId", nil, .null)
    add("passedOver", "PASSED OVER", .string(reason))
  }
}
