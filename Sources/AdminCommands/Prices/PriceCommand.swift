import ArgumentParser
import Gateway
import Ledger
import LedgerStore

/// `tally price`: what an edit costs.
struct PriceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "price", abstract: "List and set prices in credits for one image.",
    subcommands: [PriceListCommand.self, PriceSetCommand.self])
}

/// `tally price list`.
struct PriceListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the price book, prices to come included.",
    discussion: """
      The youngest price that is in force counts, then the one with the highest
      version. Older ones are kept.

      Example:
        tally price list
      """)

  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let book = try await database.withStore { try await $0.prices() }
    let now = Timestamp.now()
    let entries = book.entries.sorted {
      ($0.model, $0.quality, $0.size, $0.effectiveFrom, $0.version)
        < ($1.model, $1.quality, $1.size, $1.effectiveFrom, $1.version)
    }
    let rows = entries.map { entry in
      let inForce = book.price(model: entry.model, quality: entry.quality, size: entry.size, at: now)
      return OutputRow(entry, isInForce: inForce == entry)
    }
    try Console.current.show(rows, asJSON: output.asJSON, whenEmpty: "There are no prices: every edit is refused.")
  }
}

/// `tally price set`.
struct PriceSetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Set the price of one image.",
    discussion: """
      Edits that are held already keep the price that they were held at.

      Examples:
        tally price set gpt-image-1-mini medium 1024x1024 36000
        tally price set gpt-image-1-mini high 1024x1024 120000 --from 2026-12-01
      """)

  @Argument(help: "Model, as in the Feature API.") var model: String
  @Argument(help: "low, medium or high.") var quality: String
  @Argument(help: "1024x1024, 1024x1536 or 1536x1024.") var size: String
  @Argument(help: "Credits for one image.") var credits: LimitArgument
  @Option(
    help: ArgumentHelp(
      "From when on: an RFC 3339 time, a date (UTC) or a duration from now. At once by default.", valueName: "time"))
  var from: MomentArgument?
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard let rules = EditRules.of(model: model) else {
      throw ValidationError(
        "There is no model \(model). Known: \(EditRules.known.map(\.model).joined(separator: ", ")).")
    }
    guard rules.qualities.contains(quality) else {
      throw ValidationError("There is no quality \(quality). Known: \(rules.qualities.joined(separator: ", ")).")
    }
    guard rules.sizes.contains(size) else {
      throw ValidationError("There is no size \(size). Known: \(rules.sizes.joined(separator: ", ")).")
    }
  }

  func run() async throws {
    guard let price = credits.credits else { throw ValidationError("A price is a number of credits.") }
    let effectiveFrom = try from?.resolved(timeZone: "UTC", now: .now())
    let entry = try await database.withStore { store in
      try await store.setPrice(
        model: model, quality: quality, size: size, credits: price, from: effectiveFrom,
        by: administrator.administrator)
    }
    try Console.current.show(OutputRow(entry, isInForce: entry.effectiveFrom <= .now()), asJSON: output.asJSON)
  }
}

extension OutputRow {
  init(_ entry: PriceEntry, isInForce: Bool) {
    self.init()
    add("model", "MODEL", .string(entry.model))
    add("quality", "QUALITY", .string(entry.quality))
    add("size", "SIZE", .string(entry.size))
    add("credits", "CREDITS", .integer(entry.credits.value))
    add("effectiveFrom", "FROM", .time(entry.effectiveFrom))
    add("version", "VERSION", .integer(entry.version))
    add("inForce", "IN FORCE", .boolean(isInForce))
  }
}
