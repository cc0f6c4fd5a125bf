import Ledger
import LedgerStore

/// What a run of `tally bench ledger` came to.
struct LedgerBenchReport: Sendable {
  /// The measured part of a run.
  struct Window: Sendable {
    var duration: Duration
    var processor: (start: ProcessorTime, end: ProcessorTime)
    var lanes: (start: LaneStatistics, end: LaneStatistics)
  }

  let plan: LedgerBench.Plan
  let window: Window
  let counts: LedgerMeter.Counts
  /// Why the books do not fit what was done; nil: they do.
  var fault: String?

  /// What went wrong, in all.
  private var errors: Int { counts.errors.values.reduce(0, +) }
  private var batches: Int { window.lanes.end.batches - window.lanes.start.batches }
  private var commands: Int { window.lanes.end.commands - window.lanes.start.commands }
  private var roundTrips: Int { window.lanes.end.roundTrips - window.lanes.start.roundTrips }

  /// A report without a fault.
  init(plan: LedgerBench.Plan, window: Window, counts: LedgerMeter.Counts) {
    self.plan = plan
    self.window = window
    self.counts = counts
  }

  /// The report as it is printed.
  var row: OutputRow {
    var row = OutputRow()
    row.add(
      "editsPerSecond", "EDITS/S",
      .integer(Int64((Double(counts.measured) / (window.duration / .seconds(1))).rounded())))
    row.add("edits", "EDITS", .integer(Int64(counts.measured)))
    row.add("milliseconds", "MILLISECONDS", .integer(Int64(window.duration / .milliseconds(1))))
    row.add("teams", "TEAMS", .integer(Int64(plan.teams)))
    row.add("membersPerTeam", "MEMBERS A TEAM", .integer(Int64(plan.membersPerTeam)))
    row.add("clients", "CLIENTS", .integer(Int64(plan.clients)))
    row.add("lanes", "LANES", .integer(Int64(plan.lanes)))
    row.add("editMicroseconds", "EDIT", counts.edit.value, text: counts.edit.text)
    row.add("holdMicroseconds", "HOLD", counts.hold.value, text: counts.hold.text)
    row.add("settleMicroseconds", "SETTLE", counts.settle.value, text: counts.settle.text)
    row.add("batches", "BATCHES", .integer(Int64(batches)))
    row.add("commandsPerBatch", "COMMANDS A BATCH", .integer(Int64(batches == 0 ? 0 : commands / batches)))
    row.add("largestBatch", "LARGEST BATCH", .integer(Int64(window.lanes.end.largestBatch)))
    row.add(
      "roundTripsPerThousandEdits", "ROUND TRIPS FOR 1000 EDITS",
      .integer(Int64(counts.measured == 0 ? 0 : roundTrips * 1_000 / counts.measured)))
    row.add(
      "processorNanosecondsPerEdit", "CPU OF THIS PROCESS AN EDIT, NS",
      .integer(window.processor.end.nanoseconds(since: window.processor.start, for: counts.measured)))
    row.add("errors", "ERRORS", .integer(Int64(errors)))
    row.add("errorsByKind", nil, .object(counts.errors.mapValues { .integer(Int64($0)) }))
    row.add("settledEdits", "EDITS WITH WARM-UP", .integer(Int64(counts.settled.reduce(0, +))))
    row.add("chargedCredits", "CHARGED", .integer(counts.charged.value))
    row.add("booksFit", "BOOKS FIT", .boolean(fault == nil))
    return row
  }
}
