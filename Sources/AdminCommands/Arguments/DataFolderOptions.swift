import ArgumentParser

/// Where a command finds its data folder and its settings.
struct DataFolderOptions: ParsableArguments {
  @Option(
    name: .customLong("data-dir"),
    help: ArgumentHelp("Data folder (TALLY_DATA_DIR; default .tally).", valueName: "folder"))
  var dataFolder: String?

  @Option(
    name: .customLong("log-name"),
    help: ArgumentHelp("Name of the logs and of their key (TALLY_LOG_NAME; default tally.local).", valueName: "name"))
  var logName: String?

  @Option(
    help: ArgumentHelp(
      "JSON file with settings under their flags' names; flags and environment go first (TALLY_CONFIG).",
      valueName: "file"))
  var config: String?

  @Option(
    name: .customLong("log-level"),
    help: ArgumentHelp(
      "Least level of log lines: trace, debug, info, notice, warning, error (TALLY_LOG_LEVEL).", valueName: "level"))
  var logLevel: String?

  /// What was given as a flag.
  var flags: [Setting: String] {
    var flags: [Setting: String] = [:]
    flags[.dataFolder] = dataFolder
    flags[.logName] = logName
    flags[.logLevel] = logLevel
    return flags
  }

  /// The settings, with further flags. Throws `CommandFailure` where the `--config` file is not good.
  func reader(adding further: [Setting: String] = [:]) throws -> SettingsReader {
    try SettingsReader(flags: flags.merging(further) { own, _ in own }, file: config)
  }
}

/// Where the signing keys are.
struct KeyFileOptions: ParsableArguments {
  @Option(
    name: .customLong("signing-key-file"),
    help: ArgumentHelp(
      "Key that signs the logs' heads (TALLY_SIGNING_KEY_FILE; default keys/log.key in the data folder).",
      valueName: "file"))
  var signingKeyFile: String?

  @Option(
    name: .customLong("previous-signing-key-file"),
    help: ArgumentHelp(
      "Key that signed before and signs too (TALLY_PREVIOUS_SIGNING_KEY_FILE; default keys/log.previous.key).",
      valueName: "file"))
  var previousSigningKeyFile: String?

  @Option(
    name: .customLong("receipt-key-file"),
    help: ArgumentHelp(
      "Key that signs receipts (TALLY_RECEIPT_KEY_FILE; default keys/receipt.key in the data folder).",
      valueName: "file"))
  var receiptKeyFile: String?

  /// What was given as a flag.
  var flags: [Setting: String] {
    var flags: [Setting: String] = [:]
    flags[.signingKeyFile] = signingKeyFile
    flags[.previousSigningKeyFile] = previousSigningKeyFile
    flags[.receiptKeyFile] = receiptKeyFile
    return flags
  }
}
