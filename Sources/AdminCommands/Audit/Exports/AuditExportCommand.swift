import ArgumentParser
import Exports
import Ledger
import LedgerStore
import TransparencyLog

/// `tally audit export`.
struct AuditExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Take a range of the audit log away.",
    discussion: """
      A bundle is a folder that anybody can check: `tally audit verify`. It begins at
      a line at which the books are known, the first or one that closed a month, so
      it may begin earlier than asked for. --from and --to are line indexes (plain
      digits), times, or dates in the team's zone; what is at --to is not in it.
      Without --from it begins as early as it can; without --to it ends with the
      newest signed head.

      --action, --user, --key and --record choose single lines: they make no bundle
      but a list, JSON lines with a proof each that stands alone.

      An export that was cut goes on with the same --out and --resume, to the same
      bytes; --from and --to are not looked at then. A list goes on with the same
      choice of lines, and with the head that its proofs lead to already.

      --log names a log that another took the place of (tally audit logs). A bundle
      of it ends at the newest signed head that its lines lead to: the one that was
      kept, or one that --known-head brings. What stands behind it comes as jsonl.

      Examples:
        tally audit export acme --out acme-2026-11 --from 2026-11-01 --to 2026-12-01
        tally audit export acme --out all --known-head acme-2026-10/checkpoint
        tally audit export acme --out usage.csv --format csv --from 2026-11-01
        tally audit export acme --out - --user user-12345 --action edit.refused
        tally audit export acme --out old --log "$LOG"
      """)

  @Argument(help: "The team's id or name.") var team: String
  @Option(
    help: ArgumentHelp("The folder of a bundle, or the file of anything else; -: standard output.", valueName: "path"))
  var out: String
  @Option(help: ArgumentHelp("One of the logs that the team has had, by its name.", valueName: "origin"))
  var log: String?
  @Option(help: ArgumentHelp("The first line, or its time.", valueName: "index|time")) var from: ExportBoundArgument?
  @Option(help: ArgumentHelp("Behind the last line, or its time.", valueName: "index|time"))
  var to: ExportBoundArgument?
  @Option(
    help: ArgumentHelp(
      "bundle (the default), jsonl (the lines), csv (usage), focus (FOCUS 1.2).", valueName: "format"))
  var format: ExportFormat?
  @Flag(help: "Put salts and private payloads into the bundle: names, prompts, addresses.") var withPrivate = false
  @Option(
    help: ArgumentHelp(
      "A head that the reader holds, by the present key or a retired one: the bundle is tied to it.",
      valueName: "file"))
  var knownHead: String?
  @Flag(help: "Go on with an export that was cut.") var resume = false
  @Option(help: ArgumentHelp("Only lines of this action, such as edit.refused.", valueName: "action"))
  var action: String?
  @Option(help: ArgumentHelp("Only lines about this member.", valueName: "user")) var user: String?
  @Option(help: ArgumentHelp("Only lines about this key.", valueName: "keyid")) var key: KeyID?
  @Option(help: ArgumentHelp("Only lines about this edit.", valueName: "uuid")) var record: RecordID?
  @Option(
    help: ArgumentHelp(
      "The key that signed the head or the known one, or a file with one a line, where the data folder does not have it. "
        + "May be given again.", valueName: "key"))
  var vkey: [String] = []
  @OptionGroup var keyFiles: KeyFileOptions
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  /// In which form, where no single lines are chosen.
  var form: ExportFormat { format ?? .bundle }
  /// Whether single lines are chosen.
  var isFiltered: Bool { action != nil || user != nil || key != nil || record != nil }
  /// Whether the result is a folder.
  var isBundle: Bool { form == .bundle && !isFiltered }

  func validate() throws {
    if let action, Action(rawValue: action) == nil {
      throw ValidationError(
        "--action takes one of \(Action.allCases.map(\.rawValue).sorted().joined(separator: ", ")).")
    }
    if isFiltered, format != nil {
      throw ValidationError("--action, --user, --key and --record make a list of their own: leave out --format.")
    }
    guard isBundle else {
      if withPrivate { throw ValidationError("--with-private is for bundles.") }
      if knownHead != nil { throw ValidationError("--known-head is for bundles.") }
      if out == "-", output.asJSON { throw ValidationError("--json and --out - both want standard output.") }
      if out == "-", resume { throw ValidationError("--resume needs a file.") }
      return
    }
    guard out != "-" else { throw ValidationError("A bundle is a folder: name one with --out.") }
  }

  func run() async throws {
    let settings = try database.reader(adding: keyFiles.flags)
    let files = KeyFiles(settings)
    var keys = HeadKeys(files: files)
    keys.named = try HeldFile.keys(vkey)
    let known = try knownHead.map { try HeldFile.note($0) }
    let found = keys
    try await database.withStore { store in
      let exports = LogExports(store: store, pace: .full) { found.current }
      let job = ExportJob(
        command: self, team: try await store.logOwner(named: team), store: store, exports: exports, knownHead: known,
        retiredKeys: files.rotation(of: .checkpoint).retiredKeys)
      try await job.run()
    }
  }
}
