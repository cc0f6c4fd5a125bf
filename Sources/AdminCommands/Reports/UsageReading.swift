import Gateway
import Ledger
import LedgerStore

/// A report for the command line: read in pieces, all of them of one head of the log.
struct UsageReading {
  /// Buckets of one report: some five weeks of minutes.
  static let maximumBuckets = 50_000

  /// The first moment, the first one behind, and the zone that cuts what lies between.
  struct Range {
    var from: Timestamp
    var to: Timestamp
    var zone: String
    var clock: ZoneClock
  }

  let team: TeamView
  let range: Range
  /// The buckets' bounds, one more than there are buckets.
  private(set) var bounds: [Timestamp]
  /// The rows of each bucket.
  private(set) var buckets: [[ReportRow]] = []
  /// The head that the numbers belong to.
  private(set) var asOf: UsagePosition?

  /// Reads the usage of a team.
  /// - Parameter width: how long the buckets are; nil: one for all of it.
  /// Throws `CommandFailure` for a range or a zone that is none; `StoreError`.
  init(
    _ store: LedgerStore, team: TeamView, _ options: ReportRangeOptions, width: BucketWidth?, by groups: ReportGroups,
    now: Timestamp
  ) async throws {
    let range = try Self.range(of: options, team: team, width: width, now: now)
    try await self.init(store, team: team, range, width: width, by: groups)
  }

  /// Reads the usage of a team in a range that is known.
  init(
    _ store: LedgerStore, team: TeamView, _ range: Range, width: BucketWidth?, by groups: ReportGroups
  ) async throws {
    self.team = team
    self.range = range
    bounds = [range.from]
    let grouping = groups.dimensions.reduce(into: Set<UsageDimension>()) { $0.formUnion($1.usage) }
    var reports: [(bounds: [Timestamp], report: UsageReport)] = []
    while let last = bounds.last, last < range.to {
      let piece =
        width.map { range.clock.bounds($0, from: last, to: range.to, limit: UsageRequest.bucketsMaximum) }
        ?? [range.from, range.to]
      guard bounds.count + piece.count - 2 <= Self.maximumBuckets else {
        throw CommandFailure(
          .usage, "more than \(Self.maximumBuckets) buckets: take a longer --bucket or a shorter range")
      }
      let report = try await store.usage(
        UsageRequest(team: team.id, bounds: piece, grouping: grouping, asOf: asOf))
      asOf = report.asOf
      reports.append((piece, report))
      bounds += piece.dropFirst()
    }
    for (piece, report) in reports {
      let names = try await store.names(in: report, team: team.id)
      buckets += ReportRow.rows(of: OrderedUsage(report, names: names), bounds: piece)
    }
    if groups.groups.contains(.status) { buckets = buckets.map { $0.flatMap(\.byStatus) } }
  }

  /// The options that the store's fields stand for.
  static let options = ["start_time": "--from", "end_time": "--to", "bucket_width": "--bucket"]

  /// Which time and whose numbers, for people.
  var words: String {
    "from \(range.clock.text(range.from)) to \(range.clock.text(range.to)) (\(range.zone)), as of "
      + "\(asOf?.size ?? 0) lines of \(asOf?.origin ?? team.logOrigin)"
  }

  /// The same for scripts.
  var fields: [String: OutputValue] {
    [
      "teamId": .id(team.id), "from": .time(range.from), "to": .time(range.to), "timeZone": .string(range.zone),
      "asOf": .asOf(asOf),
    ]
  }

  /// Everything in it.
  var total: UsageCounts {
    buckets.joined().reduce(into: UsageCounts()) { $0 += $1.counts }
  }

  private static func range(
    of options: ReportRangeOptions, team: TeamView, width: BucketWidth?, now: Timestamp
  ) throws -> Range {
    let zone = options.timeZone ?? team.timeZone
    guard let clock = ZoneClock(zone) else {
      throw CommandFailure(
        .usage, "the time zone \(zone) is not known: UTC, or an Area/Place of the IANA database such as Europe/Berlin")
    }
    let from = try options.from?.resolved(timeZone: zone, now: now) ?? clock.month(at: now).start
    let to = try options.to?.resolved(timeZone: zone, now: now) ?? clock.end(width ?? .day, at: now)
    guard from < to else { throw CommandFailure(.usage, "--to must be later than --from") }
    return Range(from: from, to: to, zone: zone, clock: clock)
  }
}

extension LedgerStore {
  /// Tells in the log that the operating system's user reads a report: one line for each reader, report and hour.
  func noteReading(of report: String, of team: TeamID) async throws {
    _ = try await noteReading(
      of: report, at: .ofSystem(), of: team, by: Administrator(name: AdministratorOptions.operatingSystemUser()))
  }
}
