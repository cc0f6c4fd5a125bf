// The fields of these events in their lines, in the order of their keys. They are permanent (docs/audit.md).

extension AlertChanged: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    let alert: NoteID = try reader.field("alert")
    let new: [Int64]? = try reader.field("new")
    let old: [Int64]? = try reader.field("old")
    let scope: BudgetScope = try reader.field("scope")
    let subject: UInt128 = try reader.field("subject")
    self.init(alert: alert, scope: scope, subject: subject, old: old, new: new)
  }

  func write(to writer: inout LineWriter) {
    writer.field("alert", alert)
    writer.field("new", new)
    writer.field("old", old)
    writer.field("scope", scope)
    writer.field("subject", subject)
  }
}

extension AlertDelivered: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    let alert: NoteID = try reader.field("alert")
    let attempts: Int64 = try reader.field("attempts")
    let isDelivered: Bool = try reader.field("delivered")
    let message: NoteID = try reader.field("message")
    let periodStart: Timestamp = try reader.field("periodStart")
    let scope: BudgetScope = try reader.field("scope")
    let status: Int64? = try reader.field("status")
    let subject: UInt128 = try reader.field("subject")
    let threshold: Int64? = try reader.field("threshold")
    self.init(
      alert: alert, message: message, scope: scope, subject: subject, periodStart: periodStart, threshold: threshold,
      attempts: attempts, status: status, isDelivered: isDelivered)
  }

  func write(to writer: inout LineWriter) {
    writer.field("alert", alert)
    writer.field("attempts", attempts)
    writer.field("delivered", isDelivered)
    writer.field("message", message)
    writer.field("periodStart", periodStart)
    writer.field("scope", scope)
    writer.field("status", status)
    writer.field("subject", subject)
    writer.field("threshold", threshold)
  }
}

extension RetentionChanged: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    new = try reader.field("new")
    old = try reader.field("old")
  }

  func write(to writer: inout LineWriter) {
    writer.field("new", new)
    writer.field("old", old)
  }
}

extension UsageRemoved: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    before = try reader.field("before")
    buckets = try reader.field("buckets")
    records = try reader.field("records")
    removal = try reader.field("removal")
  }

  func write(to writer: inout LineWriter) {
    writer.field("before", before)
    writer.field("buckets", buckets)
    writer.field("records", records)
    writer.field("removal", removal)
  }
}

extension UsageRebuilt: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    changed = try reader.field("changed")
    end = try reader.field("end")
    rebuild = try reader.field("rebuild")
    start = try reader.field("start")
  }

  func write(to writer: inout LineWriter) {
    writer.field("changed", changed)
    writer.field("end", end)
    writer.field("rebuild", rebuild)
    writer.field("start", start)
  }
}
