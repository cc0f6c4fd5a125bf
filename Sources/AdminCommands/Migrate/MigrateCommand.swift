import ArgumentParser
import Ledger
import LedgerStore
import Logging
import Migrations

/// `tally migrate`.
struct MigrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate", abstract: "Bring a database to this program's tables.",
    discussion: """
      The login must be allowed to make roles and schemas. It is safe to run twice,
      or from two machines at once. A migration that was applied and whose file
      changed since is an error that names it.

      Examples:
        TALLY_DATABASE_URL=postgres://tally:secret@db/tally tally migrate
        tally migrate --status
      """)

  @Flag(help: "Only show which migrations are applied.") var status = false
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let settings = try database.reader()
    try await LedgerDatabase.use(settings, logger: try .forCommands(settings)) { database, logger in
      let migrator = database.migrator(logger: logger)
      if status {
        try show(try await migrator.status())
      } else {
        let applied = try await migrator.migrate(grantingTo: database.servingLogin)
        try show(applied: applied.map(\.fileName))
      }
    }
  }

  private func show(_ all: [MigrationStatus]) throws {
    let rows = all.map { OutputRow($0) }
    try Console.current.show(rows, asJSON: output.asJSON, whenEmpty: "There are no migrations.")
    if let changed = all.first(where: { $0.isChanged }) {
      throw CommandFailure(.failed, "the migration \(changed.version) \(changed.name) was changed after it was applied")
    }
  }

  private func show(applied: [String]) throws {
    if output.asJSON {
      var row = OutputRow()
      row.add("applied", nil, .list(applied.map { .string($0) }))
      row.add("version", nil, .integer(Int64(Migrator.expectedVersion)))
      try Console.current.show(row, asJSON: true)
    } else if applied.isEmpty {
      Console.current.line("Nothing to do: the database has version \(Migrator.expectedVersion).")
    } else {
      for name in applied { Console.current.line("Applied \(name).") }
    }
  }
}

extension OutputRow {
  init(_ status: MigrationStatus) {
    self.init()
    add("version", "VERSION", .integer(Int64(status.version)))
    add("name", "NAME", .string(status.name))
    add("appliedAt", "APPLIED", .time(status.appliedAt), text: status.appliedAt == nil ? "waits" : nil)
    add("isChanged", "CHANGED", .boolean(status.isChanged))
    add("isUnknown", "UNKNOWN", .boolean(status.isUnknown))
    add("checksum", nil, .string(status.checksum.description))
  }
}
