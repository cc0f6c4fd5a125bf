import ArgumentParser
import Ledger
import LedgerStore

/// `tally records`: every edit that was asked for, also the refused ones.
struct RecordsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "records",
    abstract: "List and show edits, resolve those in doubt, give credits back, remove old ones.",
    subcommands: [
      RecordsListCommand.self, RecordsShowCommand.self, RecordsResolveCommand.self, RecordsCreditCommand.self,
      RecordsRemoveCommand.self,
    ])
}

/// `tally records list`.
struct RecordsListCommand: AsyncParsableCommand {
  /// Most records of one listing: a page for a person; scripts go on with `--after`.
  static let maximumLimit: Int64 = 10_000
  /// Records of one page of the store.
  private static let pageSize = 100

  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List a team's edits, newest first.",
    discussion: """
      Examples:
        tally records list acme
        tally records list acme --user user-12345 --state in_doubt
        tally records list acme --limit 1000 --json | jq 'map(.credits) | add'
      """)

  @Argument(help: "The team's id or name.") var team: String
  @Option(help: "Only this user's edits.") var user: String?
  @Option(help: "Only edits in this state; may be given several times.")
  var state: [EditState] = []
  @Option(help: ArgumentHelp("At most so many.", valueName: "n")) var limit: Int64 = 20
  @Option(help: ArgumentHelp("Only edits older than this one.", valueName: "uuid")) var after: RecordID?
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (1...RecordsListCommand.maximumLimit).contains(limit) else {
      throw ValidationError("--limit takes 1 to \(RecordsListCommand.maximumLimit).")
    }
  }

  func run() async throws {
    let records = try await database.withStore { store in
      try await read(from: store, team: try await store.team(named: team).id)
    }
    if records.count == limit, let last = records.last {
      // Beside the result, so that a script's sum over a page is not taken for one over everything.
      Console.current.note("There may be more: go on with --after \(last.record), or ask for more with --limit.")
    }
    try Console.current.show(
      records.map { OutputRow(summaryOf: $0) }, asJSON: output.asJSON, whenEmpty: "There are no such edits.")
  }

  private func read(from store: LedgerStore, team: TeamID) async throws -> [StoredRecord] {
    var records: [StoredRecord] = []
    var last = after
    while records.count < limit {
      let filter = RecordFilter(
        limit: min(RecordsListCommand.pageSize, Int(limit) - records.count), after: last,
        states: state.isEmpty ? nil : Set(state), userID: user)
      let page = try await store.records(of: team, filter, member: nil)
      records += page.elements
      guard page.hasMore, let oldest = page.elements.last else { break }
      last = oldest.record
    }
    return records
  }
}

/// `tally records show`.
struct RecordsShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show one edit.",
    discussion: """
      Example:
        tally records show 6f1d2c3b-4a59-4687-8796-a5b4c3d2e1f0
      """)

  @Argument(help: "The record's uuid.") var record: RecordID
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let found = try await database.withStore { try await $0.existingRecord(record) }
    try Console.current.show(OutputRow(detailsOf: found), asJSON: output.asJSON)
  }
}

extension LedgerStore {
  /// The record of any team. Throws `CommandFailure` where there is none.
  func existingRecord(_ id: RecordID) async throws -> StoredRecord {
    guard let found = try await record(id) else { throw CommandFailure(.failed, "record \(id) does not exist") }
    return found
  }
}
