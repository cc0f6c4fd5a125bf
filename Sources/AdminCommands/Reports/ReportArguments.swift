import ArgumentParser
import Gateway
import LedgerStore

extension BucketWidth: ExpressibleByArgument {}

/// `--format` of a report.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  /// Columns for people.
  case table
  /// One object.
  case json
  /// The table that the gateway answers, too.
  case csv
  /// Bars.
  case chart
}

/// One thing that `--by` names.
enum ReportGroup: String, CaseIterable {
  case user, model, quality, size, key, status

  /// What it is for the gateway's reports; nil: what became of the edits, which only the command line tells apart.
  var dimension: ReportDimension? {
    switch self {
    case .user: .user
    case .model: .model
    case .quality: .quality
    case .size: .size
    case .key: .key
    case .status: nil
    }
  }
}

/// `--by user,model`: what a report is grouped by.
struct ReportGroups: Hashable {
  /// In the order of the columns.
  var groups: [ReportGroup]

  init(_ groups: [ReportGroup] = []) {
    self.groups = groups
  }

  /// Reads names with commas between them; blanks around them do not count. Throws `ValidationError` that says what is
  /// wrong.
  init(parsing text: String) throws {
    let names = text.listedWords
    groups = names.compactMap { ReportGroup(rawValue: String($0)) }
    guard groups.count == names.count else {
      throw ValidationError("it takes any of \(ReportGroup.allCases.map(\.rawValue).joined(separator: ","))")
    }
    guard Set(groups).count == groups.count else { throw ValidationError("it takes each name once") }
  }

  /// What of it the gateway's reports know.
  var dimensions: Set<ReportDimension> { Set(groups.compactMap(\.dimension)) }
}

/// Which stretch of time a report is of, and in which zone.
struct ReportRangeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The first moment: RFC 3339, or a date. Without it: the running month's.", valueName: "time"))
  var from: MomentArgument?
  @Option(
    help: ArgumentHelp(
      "Behind the last moment. Without it: the end of the day or bucket that runs.", valueName: "time"))
  var to: MomentArgument?
  @Option(
    help: ArgumentHelp(
      "The zone that cuts days, weeks and months: UTC or an IANA Area/Place. Without it: the team's.", valueName: "zone"
    ))
  var timeZone: String?

  func validate() throws {
    for bound in [from, to] {
      if case .after = bound { throw ValidationError("--from and --to take a time (RFC 3339) or a date (2026-11-01).") }
    }
  }
}
