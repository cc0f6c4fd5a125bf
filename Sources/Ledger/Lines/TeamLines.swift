// The fields of these events in their lines, in the order of their keys. They are permanent (docs/audit.md).

extension TeamCreated: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    inDoubtChargeAfterSeconds = try reader.field("inDoubtChargeAfterSeconds")
    limit = try reader.field("limit")
    period = try reader.field("period")
    team = try reader.field("team")
    timeZone = try reader.field("timeZone")
  }

  func write(to writer: inout LineWriter) {
    writer.field("inDoubtChargeAfterSeconds", inDoubtChargeAfterSeconds)
    writer.field("limit", limit)
    writer.field("period", period)
    writer.field("team", team)
    writer.field("timeZone", timeZone)
  }
}

extension TeamChanged: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    budget = try reader.field("budget")
    new = try reader.field("new")
    old = try reader.field("old")
  }

  func write(to writer: inout LineWriter) {
    writer.field("budget", budget)
    writer.field("new", new)
    writer.field("old", old)
  }
}

extension LimitChanged: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    let budget: BudgetLimitChange? = try reader.field("budget")
    let new: Credits? = try reader.field("new")
    let old: Credits? = try reader.field("old")
    let scope: BudgetScope = try reader.field("scope")
    let subject: UInt128 = try reader.field("subject")
    self.init(scope: scope, subject: subject, old: old, new: new, budget: budget)
  }

  func write(to writer: inout LineWriter) {
    writer.field("budget", budget)
    writer.field("new", new)
    writer.field("old", old)
    writer.field("scope", scope)
    writer.field("subject", subject)
  }
}

extension MemberAdded: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    limit = try reader.field("limit")
    member = try reader.field("member")
    period = try reader.field("period")
    role = try reader.field("role")
  }

  func write(to writer: inout LineWriter) {
    writer.field("limit", limit)
    writer.field("member", member)
    writer.field("period", period)
    writer.field("role", role)
  }
}

extension MemberChanged: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    budget = try reader.field("budget")
    member = try reader.field("member")
    new = try reader.field("new")
    old = try reader.field("old")
  }

  func write(to writer: inout LineWriter) {
    writer.field("budget", budget)
    writer.field("member", member)
    writer.field("new", new)
    writer.field("old", old)
  }
}

extension MemberSuspended: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    member = try reader.field("member")
  }

  func write(to writer: inout LineWriter) {
    writer.field("member", member)
  }
}

extension TeamSettings: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    try reader.open()
    inDoubtChargeAfterSeconds = try reader.member("inDoubtChargeAfterSeconds")
    period = try reader.member("period")
    status = try reader.member("status")
    timeZone = try reader.member("timeZone")
    try reader.close()
  }

  func write(to writer: inout LineWriter) {
    writer.open()
    writer.member("inDoubtChargeAfterSeconds", inDoubtChargeAfterSeconds)
    writer.member("period", period)
    writer.member("status", status)
    writer.member("timeZone", timeZone)
    writer.close()
  }
}

extension MemberSettings: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    try reader.open()
    period = try reader.member("period")
    role = try reader.member("role")
    status = try reader.member("status")
    try reader.close()
  }

  func write(to writer: inout LineWriter) {
    writer.open()
    writer.member("period", period)
    writer.member("role", role)
    writer.member("status", status)
    writer.close()
  }
}
