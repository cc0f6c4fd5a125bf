// The fields of budget rows in lines, in the order of their keys. They are permanent (docs/audit.md).

/// What names a row stands among its other members, in one piece.
extension BudgetID {
  init(members reader: inout LineReader) throws(LineError) {
    let period: Period = try reader.member("period")
    let scope: BudgetScope = try reader.member("scope")
    let start: Timestamp = try reader.member("start")
    let subject: UInt128 = try reader.member("subject")
    self.init(scope: scope, subject: subject, period: period, start: start)
  }

  func writeMembers(to writer: inout LineWriter) {
    writer.member("period", period)
    writer.member("scope", scope)
    writer.member("start", start)
    writer.member("subject", subject)
  }
}

extension BudgetMovement: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    try reader.open()
    try reader.begin(member: "end")
    end = try Timestamp?(from: &reader)
    try reader.begin(member: "heldAfter")
    heldAfter = try Credits(from: &reader)
    try reader.begin(member: "heldBefore")
    heldBefore = try Credits(from: &reader)
    if let row = reader.knownRow() {
      limit = row.limit
      id = row.id
    } else {
      let start = reader.next
      limit = try reader.member("limit")
      id = try BudgetID(members: &reader)
      reader.noteRow(LineTexts.Row(limit: limit, id: id), from: start)
    }
    try reader.begin(member: "usedAfter")
    usedAfter = try Credits(from: &reader)
    try reader.begin(member: "usedBefore")
    usedBefore = try Credits(from: &reader)
    try reader.close()
  }

  func write(to writer: inout LineWriter) {
    writer.open()
    writer.member("end", end)
    writer.member("heldAfter", heldAfter)
    writer.member("heldBefore", heldBefore)
    writer.member("limit", limit)
    id.writeMembers(to: &writer)
    writer.member("usedAfter", usedAfter)
    writer.member("usedBefore", usedBefore)
    writer.close()
  }
}

extension BudgetEndChange: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    try reader.open()
    new = try reader.member("endAfter")
    old = try reader.member("endBefore")
    id = try BudgetID(members: &reader)
    try reader.close()
  }

  func write(to writer: inout LineWriter) {
    writer.open()
    writer.member("endAfter", new)
    writer.member("endBefore", old)
    id.writeMembers(to: &writer)
    writer.close()
  }
}

extension BudgetLimitChange: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    try reader.open()
    end = try reader.member("end")
    held = try reader.member("held")
    limitAfter = try reader.member("limitAfter")
    limitBefore = try reader.member("limitBefore")
    overLimitAfter = try reader.member("overLimitAfter")
    overLimitBefore = try reader.member("overLimitBefore")
    id = try BudgetID(members: &reader)
    used = try reader.member("used")
    try reader.close()
  }

  func write(to writer: inout LineWriter) {
    writer.open()
    writer.member("end", end)
    writer.member("held", held)
    writer.member("limitAfter", limitAfter)
    writer.member("limitBefore", limitBefore)
    writer.member("overLimitAfter", overLimitAfter)
    writer.member("overLimitBefore", overLimitBefore)
    id.writeMembers(to: &writer)
    writer.member("used", used)
    writer.close()
  }
}
