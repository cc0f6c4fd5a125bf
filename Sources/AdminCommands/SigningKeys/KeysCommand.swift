import ArgumentParser
import Foundation

/// `tally keys`: the operator's signing keys.
struct KeysCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "Make the keys that sign logs and receipts, and replace them.",
    subcommands: [KeysInitCommand.self, KeysRotateCommand.self, KeysRetireCommand.self])
}

/// `tally keys init`.
struct KeysInitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make the signing key and the receipt key, and print their public halves.",
    discussion: """
      An auditor pins the printed vkey, so give it to them by a way of its own.
      Files that are there are never overwritten. A service with an embedded
      database makes both keys itself at its first start.

      Example:
        tally keys init --data-dir /var/lib/tally --log-name tally.example.com
      """)

  @OptionGroup var options: DataFolderOptions
  @OptionGroup var keyFiles: KeyFileOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let settings = try options.reader(adding: keyFiles.flags)
    let files = KeyFiles(settings)
    let logName = settings.text(.logName) ?? ""
    let made = try files.make(logName: logName)
    var row = OutputRow()
    row.add("logName", "Log name", .string(logName))
    row.add("vkey", "vkey", .string(made.verifierKey))
    row.add("receiptVkey", "Receipt vkey", .string(made.receiptVerifierKey))
    row.add("signingKeyFile", "Signing key", .string(files.signingKey.path))
    row.add("receiptKeyFile", "Receipt key", .string(files.receiptKey.path))
    try Console.current.show(row, asJSON: output.asJSON)
  }
}
