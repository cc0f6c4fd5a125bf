import ArgumentParser
import Foundation
import Gateway
import Ledger
import LedgerStore
import TransparencyLog

/// `tally audit recover`: go on after logs or the signer's state were lost.
struct AuditRecoverCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover",
    abstract: "Open a new log in a halted one's place, or make the signer's lost state file anew.",
    discussion: """
      A log is halted where it does not extend a head that was signed: an old backup
      was restored, lines were changed, or a hold was lost. With a team, or --all
      halted ones, a new log takes its place. Its first line says which log was
      given up, how many lines of it there are, and the newest head of it that is
      known. Edits that are open go on; the old lines stay, and are proved by old
      heads only. The operator's own log is called operator.

      Without a team the state file of the signer is made anew, after it was lost:
      from the heads in --known-head (a file of tally audit anchor, or one head) and
      those in the database. Logs keep their names where they extend these heads;
      one that does not is halted as soon as a gateway signs. A line of the
      operator's log tells of it. It is refused while a gateway signs, and runs where
      the signing key is; a gateway that does not sign goes on by itself with the new
      file.

      Examples:
        tally audit recover acme --reason "restored the dump of 3 May" --dry-run
        tally audit recover acme --known-head heads.jsonl --reason "restored a dump"
        tally audit recover --known-head heads.jsonl --reason "lost the data folder"
      """)

  @Argument(help: "The team's id or name, or operator.") var team: String?
  @Flag(help: "All halted logs.") var all = false
  @Option(
    help: ArgumentHelp(
      "Heads that were carried away: a file of tally audit anchor, or one signed head.", valueName: "file"))
  var knownHead: String?
  @Flag(help: "Say what would be done and lost, and do nothing.") var dryRun = false
  @OptionGroup var keyFiles: KeyFileOptions
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if all, team != nil { throw ValidationError("Name a team or give --all, not both.") }
    if team == nil, !all, knownHead == nil {
      throw ValidationError(
        "Name the team whose log is halted, or give --all; or --known-head to make the signer's state file anew.")
    }
    if administrator.reason == nil, !dryRun {
      throw ValidationError("--reason is missing: say why, for the line that tells of it.")
    }
  }

  func run() async throws {
    let settings = try database.reader(adding: keyFiles.flags)
    let known = try KnownHeads(settings, file: knownHead)
    try await database.withStore { store in
      if team == nil, !all {
        let recovery = SignerRecovery(
          store: store, known: known, folder: DataFolder(path: settings.text(.dataFolder) ?? "").url.path)
        let found = try await recovery.run(dryRun: dryRun, by: administrator.administrator)
        try Console.current.show(OutputRow(found, dryRun: dryRun), asJSON: output.asJSON)
        return
      }
      let teams =
        if let team { [try await store.logOwner(named: team).id] } else { try await store.logHalts().map(\.team) }
      var rows: [OutputRow] = []
      for team in teams { rows.append(try await recover(team, known, in: store)) }
      if all {
        try Console.current.show(rows, asJSON: output.asJSON, whenEmpty: "No log is halted.")
      } else if let row = rows.first {
        try Console.current.show(row, asJSON: output.asJSON)
      }
    }
  }

  private func recover(_ team: TeamID, _ known: KnownHeads, in store: LedgerStore) async throws -> OutputRow {
    let old = try await store.storedLog(of: team)
    let head = known.newest(of: old.origin, stored: try await store.newestHead(of: team))
    var row = OutputRow()
    row.add("teamId", "Team", .id(team))
    row.add("oldLog", "Log given up", .string(old.origin))
    row.add("oldSize", "Lines there are", .integer(old.size))
    row.add("knownSize", "Lines that were signed", .optional(head?.size))
    let lost = max(0, (head?.size ?? 0) - old.size)
    var isChanged = false
    if let head, lost == 0 {
      isChanged = try await !SignerRecovery.isExtended(head, by: team, size: old.size, in: store)
    }
    row.add(
      "lost", "Lines lost at least", .integer(lost),
      text: isChanged ? "unknown: lines that were signed were changed" : nil)
    row.add("signedLinesChanged", nil, .boolean(isChanged))
    guard !dryRun else {
      guard old.isHalted else {
        throw CommandFailure(.failed, "the log \(old.origin) is not halted: there is nothing to recover")
      }
      row.add("log", "New log", .null)
      row.add("dryRun", nil, .boolean(true))
      return row
    }
    let recovered = try await store.recoverLog(
      of: team, known: head.map { (size: $0.size, root: $0.root) }, by: administrator.administrator)
    row.add("log", "New log", .string(recovered.log))
    row.add("dryRun", nil, .boolean(false))
    return row
  }
}

extension OutputRow {
  fileprivate init(_ found: SignerRecovery.Found, dryRun: Bool) {
    self.init()
    add("stateFile", "State file", .string(found.path))
    add("dryRun", nil, .boolean(dryRun))
    add("logs", "Logs", .integer(found.logs))
    add("fromFile", "Heads brought that the database lacks", .integer(found.brought))
    add("fromDatabase", "Heads of the database", .integer(found.stored))
    add(
      "notExtending", "Logs that do not extend their heads", .list(found.notExtending.map { .string($0) }),
      text: found.notExtending.isEmpty ? "none" : found.notExtending.joined(separator: ", "))
    add("index", "Line of the operator's log", .optional(found.index))
  }
}
