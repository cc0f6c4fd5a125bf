// The fields of these events in their lines, in the order of their keys. They are permanent (docs/audit.md).

extension PeriodClosed: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    book = try reader.field("book")
    end = try reader.field("end")
    month = try reader.field("month")
    start = try reader.field("start")
  }

  func write(to writer: inout LineWriter) {
    writer.field("book", book)
    writer.field("end", end)
    writer.field("month", month)
    writer.field("start", start)
  }
}

extension LegalHoldPlaced: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {}

  func write(to writer: inout LineWriter) {}
}

extension LegalHoldLifted: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {}

  func write(to writer: inout LineWriter) {}
}

extension PrivateErased: LinePayload {
  private enum What: String, LineValue {
    case member
    case records
    case lines
  }

  init(from reader: inout LineReader) throws(LineError) {
    let before: Int64? = try reader.field("before")
    counted = try reader.field("counted")
    erasure = try reader.field("erasure")
    let member: MemberID? = try reader.field("member")
    let records: [RecordID]? = try reader.field("records")
    let what: What = try reader.field("what")
    switch (what, member, records, before) {
    case (.member, let member?, nil, nil): target = .member(member)
    case (.records, nil, let records?, nil): target = .records(records)
    case (.lines, nil, nil, let before?): target = .lines(before: before)
    default: throw reader.error(.badValue)
    }
  }

  func write(to writer: inout LineWriter) {
    var before: Int64?
    var member: MemberID?
    var records: [RecordID]?
    let what: What
    switch target {
    case .member(let id): (what, member) = (.member, id)
    case .records(let ids): (what, records) = (.records, ids)
    case .lines(let index): (what, before) = (.lines, index)
    }
    writer.field("before", before)
    writer.field("counted", counted)
    writer.field("erasure", erasure)
    writer.field("member", member)
    writer.field("records", records)
    writer.field("what", what)
  }
}

extension ExportCreated: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    export = try reader.field("export")
    filters = try reader.field("filters")
    from = try reader.field("from")
    oldLog = try reader.fieldIfThere("oldLog")
    to = try reader.field("to")
    withPrivate = try reader.field("withPrivate")
  }

  func write(to writer: inout LineWriter) {
    writer.field("export", export)
    writer.field("filters", filters)
    writer.field("from", from)
    if let oldLog { writer.field("oldLog", oldLog) }
    writer.field("to", to)
    writer.field("withPrivate", withPrivate)
  }
}

extension ExportCreated.Filters: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    try reader.open()
    action = try reader.member("action")
    key = try reader.member("key")
    member = try reader.member("member")
    record = try reader.member("record")
    try reader.close()
  }

  func write(to writer: inout LineWriter) {
    writer.open()
    writer.member("action", action)
    writer.member("key", key)
    writer.member("member", member)
    writer.member("record", record)
    writer.close()
  }
}

extension ReportRead: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    hour = try reader.field("hour")
    report = try reader.field("report")
  }

  func write(to writer: inout LineWriter) {
    writer.field("hour", hour)
    writer.field("report", report)
  }
}

extension LogKeyUse: LineValue {}

extension LogKeyAnnounced: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    use = try reader.field("use")
    vkey = try reader.field("vkey")
  }

  func write(to writer: inout LineWriter) {
    writer.field("use", use)
    writer.field("vkey", vkey)
  }
}

extension LogKeyRotated: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    new = try reader.field("new")
    old = try reader.field("old")
    use = try reader.field("use")
  }

  func write(to writer: inout LineWriter) {
    writer.field("new", new)
    writer.field("old", old)
    writer.field("use", use)
  }
}

extension LogRecovered: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    book = try reader.field("book")
    knownRoot = try reader.field("knownRoot")
    knownSize = try reader.field("knownSize")
    oldLog = try reader.field("oldLog")
    oldSize = try reader.field("oldSize")
  }

  func write(to writer: inout LineWriter) {
    writer.field("book", book)
    writer.field("knownRoot", knownRoot)
    writer.field("knownSize", knownSize)
    writer.field("oldLog", oldLog)
    writer.field("oldSize", oldSize)
  }
}
