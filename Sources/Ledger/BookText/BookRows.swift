// The fields of a book's rows in its text, in the order of their keys. They are permanent: the hash of the text stands in
// lines (docs/audit.md, the book's text).

extension Budget: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    try reader.open()
    let end: Timestamp? = try reader.member("end")
    let held: Credits = try reader.member("held")
    let limit: Credits? = try reader.member("limit")
    let isOverLimit: Bool = try reader.member("overLimit")
    let id = try BudgetID(members: &reader)
    let used: Credits = try reader.member("used")
    try reader.close()
    self.init(id: id, end: end, limit: limit, used: used, held: held, isOverLimit: isOverLimit)
  }

  func write(to writer: inout LineWriter) {
    writer.open()
    writer.member("end", end)
    writer.member("held", held)
    writer.member("limit", limit)
    writer.member("overLimit", isOverLimit)
    id.writeMembers(to: &writer)
    writer.member("used", used)
    writer.close()
  }
}

extension BudgetID: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    try reader.open()
    try self.init(members: &reader)
    try reader.close()
  }

  func write(to writer: inout LineWriter) {
    writer.open()
    writeMembers(to: &writer)
    writer.close()
  }
}

extension KeyState: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    try reader.open()
    let budgetSubject: KeyID = try reader.member("budgetSubject")
    let expiresAt: Timestamp? = try reader.member("expiresAt")
    let key: KeyID = try reader.member("key")
    let limit: Credits? = try reader.member("limit")
    let member: MemberID = try reader.member("member")
    let period: Period = try reader.member("period")
    let ratePerMinute: Int? = try reader.member("ratePerMinute")
    let revokedAt: Timestamp? = try reader.member("revokedAt")
    let scopes: KeyScopes = try reader.member("scopes")
    try reader.close()
    self.init(
      id: key, member: member, budgetSubject: budgetSubject, limit: limit, period: period, scopes: scopes,
      expiresAt: expiresAt, revokedAt: revokedAt, ratePerMinute: ratePerMinute)
  }

  func write(to writer: inout LineWriter) {
    writer.open()
    writer.member("budgetSubject", budgetSubject)
    writer.member("expiresAt", expiresAt)
    writer.member("key", id)
    writer.member("limit", limit)
    writer.member("member", member)
    writer.member("period", period)
    writer.member("ratePerMinute", ratePerMinute)
    writer.member("revokedAt", revokedAt)
    writer.member("scopes", scopes)
    writer.close()
  }
}

extension MemberState: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    try reader.open()
    let limit: Credits? = try reader.member("limit")
    let member: MemberID = try reader.member("member")
    let period: Period = try reader.member("period")
    let role: MemberRole = try reader.member("role")
    let status: AccountStatus = try reader.member("status")
    try reader.close()
    self.init(id: member, role: role, status: status, limit: limit, period: period)
  }

  func write(to writer: inout LineWriter) {
    writer.open()
    writer.member("limit", limit)
    writer.member("member", id)
    writer.member("period", period)
    writer.member("role", role)
    writer.member("status", status)
    writer.close()
  }
}

/// An open edit: what a line that resolves it is checked against. Others have no place in a book's text.
extension RecordState: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    try reader.open()
    let amount: Credits = try reader.member("amount")
    let budgets: [BudgetID] = try reader.member("budgets")
    let heldAt: Timestamp = try reader.member("heldAt")
    let hold: Int64 = try reader.member("hold")
    let instance: InstanceID = try reader.member("instance")
    let key: KeyID = try reader.member("key")
    let member: MemberID = try reader.member("member")
    let n: Int = try reader.member("n")
    let priceVersion: Int64 = try reader.member("priceVersion")
    let record: RecordID = try reader.member("record")
    let state: EditState = try reader.member("state")
    guard state.isOpen else { throw reader.error(.badValue) }
    let unitPrice: Credits = try reader.member("unitPrice")
    try reader.close()
    self.init(
      id: record, member: member, key: key, instance: instance, state: state, held: amount, n: n,
      unitPrice: unitPrice, priceVersion: priceVersion, budgets: budgets, openedIndex: hold, heldAt: heldAt)
  }

  func write(to writer: inout LineWriter) {
    writer.open()
    writer.member("amount", held)
    writer.member("budgets", budgets)
    writer.member("heldAt", heldAt)
    writer.member("hold", openedIndex)
    writer.member("instance", instance)
    writer.member("key", key)
    writer.member("member", member)
    writer.member("n", n)
    writer.member("priceVersion", priceVersion)
    writer.member("record", id)
    writer.member("state", state)
    writer.member("unitPrice", unitPrice)
    writer.close()
  }
}

extension EditState: LineValue {}

extension TeamState: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    try reader.open()
    let closedThrough: Timestamp? = try reader.member("closedThrough")
    let inDoubtChargeAfterSeconds: Int64? = try reader.member("inDoubtChargeAfterSeconds")
    let isOnLegalHold: Bool = try reader.member("legalHold")
    let limit: Credits? = try reader.member("limit")
    let period: Period = try reader.member("period")
    let status: AccountStatus = try reader.member("status")
    let team: TeamID = try reader.member("team")
    let timeZone: String = try reader.member("timeZone")
    try reader.close()
    self.init(
      id: team, status: status, limit: limit, period: period, timeZone: timeZone,
      inDoubtChargeAfterSeconds: inDoubtChargeAfterSeconds, isOnLegalHold: isOnLegalHold,
      closedThrough: closedThrough)
  }

  func write(to writer: inout LineWriter) {
    writer.open()
    writer.member("closedThrough", closedThrough)
    writer.member("inDoubtChargeAfterSeconds", inDoubtChargeAfterSeconds)
    writer.member("legalHold", isOnLegalHold)
    writer.member("limit", limit)
    writer.member("period", period)
    writer.member("status", status)
    writer.member("team", id)
    writer.member("timeZone", timeZone)
    writer.close()
  }
}
