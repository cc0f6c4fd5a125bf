import ArgumentParser
import Gateway
import Ledger
import LedgerStore

/// `tally report top`.
struct ReportTopCommand: AsyncParsableCommand {
  /// Most rows of one listing.
  static let maximumLimit = 10_000

  static let configuration = CommandConfiguration(
    commandName: "top", abstract: "Show who or what used most.",
    discussion: """
      The most credits first, with each one's share of the whole.

      Examples:
        tally report top acme
        tally report top acme --by user,model --limit 3 --from 2026-11-01 --to 2026-12-01
      """)

  @Argument(help: "The team's id or name.") var team: String
  @OptionGroup var range: ReportRangeOptions
  @Option(help: ArgumentHelp("Any of user,model,quality,size,key,status.", valueName: "groups"))
  var by = ReportGroups([.user])
  @Option(help: ArgumentHelp("At most so many.", valueName: "n")) var limit = 10
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (1...Self.maximumLimit).contains(limit) else {
      throw ValidationError("--limit takes 1 to \(Self.maximumLimit).")
    }
  }

  func run() async throws {
    let reading = try await database.withStore { store in
      let team = try await store.team(named: team)
      try await store.noteReading(of: ReportKind.usage.rawValue, of: team.id)
      return try await UsageReading(store, team: team, range, width: nil, by: by, now: .ofSystem())
    }
    let all = reading.total.credits
    let rows = reading.buckets.joined()
      .sorted { ($0.counts.credits, $0.counts.settled) > ($1.counts.credits, $1.counts.settled) }
      .prefix(limit).enumerated().map { place, row in
        var shown = OutputRow()
        shown.add("rank", "RANK", .integer(Int64(place) + 1))
        for group in by.groups {
          shown.add(group.jsonName, group.rawValue.uppercased(), .optional(row.text(of: group)))
        }
        let share = Self.permille(row.counts.credits, of: all)
        shown.add("sharePermille", "SHARE", .optional(share), text: share.map { "\($0 / 10).\($0 % 10)%" } ?? "-")
        shown.add(row.counts)
        return shown
      }
    try Console.current.show(rows, asJSON: output.asJSON, whenEmpty: "Nothing was used.")
  }

  /// Thousandths, rounded down; nil where there is no share: nothing was charged, or given back more than charged.
  static func permille(_ part: Int64, of all: Int64) -> Int64? {
    guard all > 0, part >= 0 else { return nil }
    return Int64(Int128(part) * 1_000 / Int128(all))
  }
}
