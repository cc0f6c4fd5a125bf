// The fields of these events in their lines, in the order of their keys. They are permanent (docs/audit.md).

extension EditHeld: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    try reader.begin("amount", after: .actor)
    let amount = try Credits(from: &reader)
    try reader.begin("budgets", after: .at)
    let budgets = try [BudgetMovement](from: &reader)
    try reader.begin("instance", after: .index)
    let instance = try InstanceID(from: &reader)
    try reader.begin("key", after: .index)
    let key = try KeyID(from: &reader)
    try reader.begin("member", after: .log)
    let member = try MemberID(from: &reader)
    try reader.begin("model", after: .log)
    let model = try String(from: &reader)
    try reader.begin("n", after: .log)
    let n = try Int(from: &reader)
    try reader.begin("priceVersion", after: .log)
    let priceVersion = try Int64(from: &reader)
    try reader.begin("quality", after: .private)
    let quality = try String(from: &reader)
    try reader.begin("record", after: .private)
    let record = try RecordID(from: &reader)
    try reader.begin("size", after: .private)
    let size = try String(from: &reader)
    try reader.begin("unitPrice", after: .private)
    let unitPrice = try Credits(from: &reader)
    // Made in one piece: what is filled field by field is copied at its end.
    self.init(
      record: record, member: member, key: key, instance: instance, model: model, quality: quality, size: size, n: n,
      unitPrice: unitPrice, priceVersion: priceVersion, amount: amount, budgets: budgets)
  }

  func write(to writer: inout LineWriter) {
    writer.field("amount", amount)
    writer.field("budgets", budgets)
    writer.field("instance", instance)
    writer.field("key", key)
    writer.field("member", member)
    writer.field("model", model)
    writer.field("n", n)
    writer.field("priceVersion", priceVersion)
    writer.field("quality", quality)
    writer.field("record", record)
    writer.field("size", size)
    writer.field("unitPrice", unitPrice)
  }
}

extension EditRefused: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    available = try reader.field("available")
    budgets = try reader.field("budgets")
    instance = try reader.field("instance")
    key = try reader.field("key")
    member = try reader.field("member")
    model = try reader.field("model")
    n = try reader.field("n")
    needed = try reader.field("needed")
    priceVersion = try reader.field("priceVersion")
    quality = try reader.field("quality")
    record = try reader.field("record")
    refusedBy = try reader.field("refusedBy")
    size = try reader.field("size")
    unitPrice = try reader.field("unitPrice")
  }

  func write(to writer: inout LineWriter) {
    writer.field("available", available)
    writer.field("budgets", budgets)
    writer.field("instance", instance)
    writer.field("key", key)
    writer.field("member", member)
    writer.field("model", model)
    writer.field("n", n)
    writer.field("needed", needed)
    writer.field("priceVersion", priceVersion)
    writer.field("quality", quality)
    writer.field("record", record)
    writer.field("refusedBy", refusedBy)
    writer.field("size", size)
    writer.field("unitPrice", unitPrice)
  }
}

extension EditSettled: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    try reader.begin("amount", after: .actor)
    let amount = try Credits(from: &reader)
    try reader.begin("assumed", after: .actor)
    let assumed = try Bool(from: &reader)
    try reader.begin("budgets", after: .at)
    let budgets = try [BudgetMovement](from: &reader)
    try reader.begin("cause", after: .at)
    let cause = try SettleCause(from: &reader)
    try reader.begin("charge", after: .at)
    let charge = try Credits(from: &reader)
    try reader.begin("hold", after: .at)
    let hold = try Int64(from: &reader)
    try reader.begin("record", after: .private)
    let record = try RecordID(from: &reader)
    try reader.begin("results", after: .private)
    let results = try Int(from: &reader)
    try reader.begin("upstreamCredit", after: .private)
    let upstreamCredit = try Credits?(from: &reader)
    try reader.begin("variance", after: .v)
    let variance = try Credits(from: &reader)
    // Made in one piece: what is filled field by field is copied at its end.
    self.init(
      record: record, hold: hold, amount: amount, charge: charge, variance: variance, results: results,
      upstreamCredit: upstreamCredit, assumed: assumed, cause: cause, budgets: budgets)
  }

  func write(to writer: inout LineWriter) {
    writer.field("amount", amount)
    writer.field("assumed", assumed)
    writer.field("budgets", budgets)
    writer.field("cause", cause)
    writer.field("charge", charge)
    writer.field("hold", hold)
    writer.field("record", record)
    writer.field("results", results)
    writer.field("upstreamCredit", upstreamCredit)
    writer.field("variance", variance)
  }
}

extension EditReleased: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    amount = try reader.field("amount")
    budgets = try reader.field("budgets")
    cause = try reader.field("cause")
    hold = try reader.field("hold")
    record = try reader.field("record")
  }

  func write(to writer: inout LineWriter) {
    writer.field("amount", amount)
    writer.field("budgets", budgets)
    writer.field("cause", cause)
    writer.field("hold", hold)
    writer.field("record", record)
  }
}

extension EditInDoubt: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    amount = try reader.field("amount")
    cause = try reader.field("cause")
    hold = try reader.field("hold")
    record = try reader.field("record")
  }

  func write(to writer: inout LineWriter) {
    writer.field("amount", amount)
    writer.field("cause", cause)
    writer.field("hold", hold)
    writer.field("record", record)
  }
}

extension EditCredited: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    amount = try reader.field("amount")
    budgets = try reader.field("budgets")
    creditedBefore = try reader.field("creditedBefore")
    hold = try reader.field("hold")
    record = try reader.field("record")
    settlement = try reader.field("settlement")
  }

  func write(to writer: inout LineWriter) {
    writer.field("amount", amount)
    writer.field("budgets", budgets)
    writer.field("creditedBefore", creditedBefore)
    writer.field("hold", hold)
    writer.field("record", record)
    writer.field("settlement", settlement)
  }
}

extension EditEvidence: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    amount = try reader.field("amount")
    budgets = try reader.field("budgets")
    credited = try reader.field("credited")
    creditedBefore = try reader.field("creditedBefore")
    hold = try reader.field("hold")
    record = try reader.field("record")
    results = try reader.field("results")
    settlement = try reader.field("settlement")
    upstreamCredit = try reader.field("upstreamCredit")
    variance = try reader.field("variance")
    worked = try reader.field("worked")
  }

  func write(to writer: inout LineWriter) {
    writer.field("amount", amount)
    writer.field("budgets", budgets)
    writer.field("credited", credited)
    writer.field("creditedBefore", creditedBefore)
    writer.field("hold", hold)
    writer.field("record", record)
    writer.field("results", results)
    writer.field("settlement", settlement)
    writer.field("upstreamCredit", upstreamCredit)
    writer.field("variance", variance)
    writer.field("worked", worked)
  }
}
