import Gateway
import Ledger

/// What a run of `tally bench records` came to.
struct RecordsBenchReport: Sendable {
  /// One team that it wrote.
  struct Team: Sendable {
    var share: RecordsPlan.Share
    var id: TeamID
    /// Its administrator's.
    var key: APIKey
    var lines: Int
    var counts: TeamPast.Counts

    fileprivate var value: OutputValue {
      .object([
        "teamId": .id(id), "key": .string(key.text), "edits": .integer(Int64(share.edits)),
        "members": .integer(Int64(share.members)), "lines": .integer(Int64(lines)), "timeZone": .string(share.timeZone),
      ])
    }
  }

  let plan: RecordsPlan
  /// The largest first.
  let teams: [Team]
  let duration: Duration
  let processor: (start: ProcessorTime, end: ProcessorTime)

  /// The report as it is printed.
  var row: OutputRow {
    func sum(_ count: KeyPath<TeamPast.Counts, Int>) -> OutputValue {
      .integer(Int64(teams.reduce(0) { $0 + $1.counts[keyPath: count] }))
    }
    var row = OutputRow()
    row.add("edits", "EDITS", .integer(Int64(plan.edits)))
    row.add("teams", "TEAMS", .integer(Int64(teams.count)))
    row.add("members", "MEMBERS", .integer(Int64(teams.reduce(0) { $0 + $1.share.members })))
    row.add("lines", "LINES", .integer(Int64(teams.reduce(0) { $0 + $1.lines })))
    row.add("from", "FROM", .time(plan.start))
    row.add("to", "TO", .time(plan.end))
    row.add("settled", "SETTLED", sum(\.settled))
    row.add("released", "RELEASED", sum(\.released))
    row.add("refused", "REFUSED", sum(\.refused))
    row.add("credited", "CREDITED", sum(\.credited))
    row.add("closedMonths", "MONTHS CLOSED", sum(\.closedMonths))
    row.add("seed", "SEED", .string(String(plan.seed)))
    row.add("milliseconds", "MILLISECONDS", .integer(Int64(duration / .milliseconds(1))))
    row.add(
      "editsPerSecond", "EDITS/S", .integer(Int64((Double(plan.edits) / (duration / .seconds(1))).rounded())))
    row.add(
      "processorNanosecondsPerEdit", "CPU OF THIS PROCESS AN EDIT, NS",
      .integer(processor.end.nanoseconds(since: processor.start, for: plan.edits)))
    row.add("teamList", nil, .list(teams.map(\.value)))
    return row
  }
}
