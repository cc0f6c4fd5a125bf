import ArgumentParser
import LedgerStore
import Logging
import Postgres

/// Which database a command works on.
struct DatabaseOptions: ParsableArguments {
  @OptionGroup var folder: DataFolderOptions

  @Option(
    name: .customLong("database-url"),
    help: ArgumentHelp(
      """
      PostgreSQL to use, postgres://USER@HOST/DATABASE (TALLY_DATABASE_URL). A password goes into the variable or the \
      --config file, never into the flag. Without it: the embedded PostgreSQL of the data folder.
      """, valueName: "url"))
  var databaseURL: String?

  func validate() throws {
    guard let databaseURL else { return }
    if let settings = try? ConnectionSettings(url: databaseURL), settings.password != nil {
      throw ValidationError(
        """
        A password in --database-url would be seen by every user of this machine (ps). Put the address into \
        TALLY_DATABASE_URL or into the --config file.
        """)
    }
  }

  /// What was given as a flag.
  var flags: [Setting: String] {
    var flags = folder.flags
    flags[.databaseURL] = databaseURL
    return flags
  }

  /// The settings, with further flags. Throws `CommandFailure` where the `--config` file is not good.
  func reader(adding further: [Setting: String] = [:]) throws -> SettingsReader {
    try SettingsReader(flags: flags.merging(further) { own, _ in own }, file: folder.config)
  }

  /// Opens the ledger for one command, and whatever server it needs; both are closed when `body` is done.
  ///
  /// Throws `CommandFailure` where the database is not reachable or not migrated, and what `body` throws.
  func withStore<Result>(_ body: (LedgerStore) async throws -> Result) async throws -> Result {
    let settings = try reader()
    return try await LedgerDatabase.use(settings, logger: try .forCommands(settings)) { database, logger in
      try await database.migrateIfEmbedded(logger: logger)
      let store = try await database.openStore(settings, instance: .random(), lanes: 1, logger: logger)
      do {
        let result = try await body(store)
        await store.close(within: LedgerDatabase.closeLimit)
        return result
      } catch {
        await store.close(within: LedgerDatabase.closeLimit)
        throw error
      }
    }
  }
}
