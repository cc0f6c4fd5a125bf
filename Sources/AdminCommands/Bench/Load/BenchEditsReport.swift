import NIOCore

/// What a run of `tally bench edits` came to.
struct BenchEditsReport: Sendable {
  let plan: EditLoad.Plan
  let counts: LoadCounts

  /// The report as it is printed.
  var row: OutputRow {
    var row = OutputRow()
    let nanoseconds = plan.measured.nanoseconds
    row.add("editsPerSecond", "EDITS/S", .integer((Int64(counts.done) * 1_000_000_000 + nanoseconds / 2) / nanoseconds))
    row.add("edits", "EDITS", .integer(Int64(counts.done)))
    row.add(
      "ratePerSecond", "RATE", .optional(plan.perSecond.map(Int64.init)), text: plan.perSecond == nil ? "max" : nil)
    row.add("milliseconds", "MILLISECONDS", .integer(nanoseconds / 1_000_000))
    row.add("latencyMicroseconds", "LATENCY", counts.latency.value, text: counts.latency.text)
    row.add("intended", "INTENDED", .integer(Int64(counts.intended)))
    row.add("dropped", "DROPPED", .integer(Int64(counts.dropped)))
    row.add("errors", "ERRORS", .integer(Int64(counts.failed)))
    row.add(
      "errorsByKind", counts.errors.isEmpty ? nil : "ERRORS BY KIND",
      .object(counts.errors.mapValues { .integer(Int64($0)) }))
    row.add("keys", "KEYS", .integer(Int64(plan.requests.count)))
    row.add("connections", "CONNECTIONS", .integer(Int64(plan.connections)))
    row.add(
      "processorNanosecondsPerEdit", "CPU OF THIS PROCESS AN EDIT, NS",
      .integer(counts.processor.end.nanoseconds(since: counts.processor.start, for: counts.done)))
    return row
  }
}
