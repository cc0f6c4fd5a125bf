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
      The most credits first, with each one's share of the whole. Shares add up to
      100%; what --limit leaves out is one row, others.

      Examples:
        tally report top acme
        tally report top acme --by user,model --limit 3 --from 2026-11-01 --to 2026-12-01
      """)

  @Argument(help: "The team's id or name.") var team: String
  @OptionGroup var range: ReportRangeOptions
  @Option(
    help: ArgumentHelp("Any of user,model,quality,size,key,status; by default user.", valueName: "groups"),
    transform: { try ReportGroups(parsing: $0) })
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
    let reading = try await CommandFailure.naming(UsageReading.options) {
      try await database.withStore { store in
        let team = try await store.team(named: team)
        try await store.noteReading(of: ReportKind.usage.rawValue, of: team.id)
        return try await UsageReading(store, team: team, range, width: nil, by: by, now: .ofSystem())
      }
    }
    let ranking = UsageRanking(reading.buckets.flatMap(\.self), limit: limit)
    let console = Console.current
    if output.asJSON {
      var fields = reading.fields
      fields["by"] = by.value
      fields["rows"] = .list(ranking.places.enumerated().map { OutputRow($1, by: by, rank: $0 + 1).object })
      fields["others"] = ranking.others.map { OutputRow(named: nil, $0, by: by).object } ?? .null
      fields["total"] = OutputRow(named: nil, ranking.total, by: by).object
      return console.line(try Console.json(.object(fields)))
    }
    guard !ranking.places.isEmpty else { return console.note("Nothing was used \(reading.words).") }
    var rows = ranking.places.enumerated().map { OutputRow($1, by: by, rank: $0 + 1) }
    if let others = ranking.others { rows.append(OutputRow(named: "others", others, by: by)) }
    rows.append(OutputRow(named: "total", ranking.total, by: by))
    console.line(TextTable(rows).text)
    console.note(reading.words)
  }
}

extension OutputRow {
  /// One place of a ranking.
  fileprivate init(_ place: UsageRanking.Place, by groups: ReportGroups, rank: Int) {
    self.init()
    add("rank", "RANK", .integer(Int64(rank)))
    for group in groups.groups {
      add(group.jsonName, group.rawValue.uppercased(), .optional(place.row?.text(of: group)))
    }
    add(place)
  }

  /// What has no place: all that is behind the last one, or everything. In JSON, where it has no name, only its amounts.
  fileprivate init(named name: String?, _ place: UsageRanking.Place, by groups: ReportGroups) {
    self.init()
    if let name {
      add("rank", "RANK", .string(""))
      for (position, group) in groups.groups.enumerated() {
        add(group.jsonName, group.rawValue.uppercased(), .string(position == 0 ? name : ""))
      }
    }
    add(place)
  }

  private mutating func add(_ place: UsageRanking.Place) {
    let share = place.permille
    add("sharePermille", "SHARE", .optional(share), text: share.map { "\($0 / 10).\($0 % 10)%" } ?? "-")
    add(place.counts)
  }
}
