import ArgumentParser
import Ledger
import LedgerStore

/// `tally records resolve`.
struct RecordsResolveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve", abstract: "Charge or release an edit that is in doubt or stuck.",
    discussion: """
      Look first what the upstream did. The first resolution counts: an edit that is
      resolved already stays as it is, and the command fails.

      Examples:
        tally records resolve 6f1d2c3b-4a59-4687-8796-a5b4c3d2e1f0 --release --reason "upstream shows no such work"
        tally records resolve 6f1d2c3b-4a59-4687-8796-a5b4c3d2e1f0 --charge 33000 --reason "seen in upstream's usage"
      """)

  @Argument(help: "The record's uuid.") var record: RecordID
  @Option(help: ArgumentHelp("Credits to charge, at most what is held.", valueName: "n")) var charge: LimitArgument?
  @Flag(help: "Give the held credits back.") var release = false
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (charge?.credits != nil) != release else {
      throw ValidationError("Say either --charge with a number of credits, or --release.")
    }
    guard administrator.reason != nil else { throw ValidationError("Say why with --reason.") }
  }

  func run() async throws {
    let resolved = try await database.withStore { store in
      let found = try await store.existingRecord(record)
      _ = try await store.resolve(
        ResolveRequest(team: found.team, record: record, charge: charge?.credits), by: administrator.administrator)
      return try await store.existingRecord(record)
    }
    try Console.current.show(OutputRow(detailsOf: resolved), asJSON: output.asJSON)
  }
}

/// `tally records credit`.
struct RecordsCreditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "credit", abstract: "Give credits of a charged edit back.",
    discussion: """
      Example:
        tally records credit 6f1d2c3b-4a59-4687-8796-a5b4c3d2e1f0 33000 --reason "the picture was broken"
      """)

  @Argument(help: "The record's uuid.") var record: RecordID
  @Argument(help: "Credits to give back, at most what is left of the charge.") var amount: LimitArgument
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard let credits = amount.credits, credits > .zero else {
      throw ValidationError("Say how many credits to give back.")
    }
    guard administrator.reason != nil else { throw ValidationError("Say why with --reason.") }
  }

  func run() async throws {
    let credited = try await database.withStore { store in
      let found = try await store.existingRecord(record)
      try await store.credit(
        CreditRequest(
          team: found.team, record: record, amount: amount.credits ?? .zero, creditedBefore: found.credited),
        by: administrator.administrator)
      return try await store.existingRecord(record)
    }
    try Console.current.show(OutputRow(detailsOf: credited), asJSON: output.asJSON)
  }
}
