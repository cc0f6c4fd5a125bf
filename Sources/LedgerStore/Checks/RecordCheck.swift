import Ledger

/// Compares records with the lines that opened, doubted and resolved them.
enum RecordCheck {
  /// The row of an edit that a line held.
  static func compare(_ row: CheckedRecord, with event: EditHeld, _ header: LineHeader, team: TeamID) -> String? {
    var fields = FieldComparison()
    fields.compare("record_id", row.id, event.record)
    fields.compare("member_id", row.member, event.member)
    fields.compare("key_id", row.key, event.key)
    fields.compare("instance_id", row.instance, event.instance)
    fields.compare("model", row.model, event.model)
    fields.compare("quality", row.quality, event.quality)
    fields.compare("size", row.size, event.size)
    fields.compare("n", row.n, event.n)
    fields.compare("unit_price", row.unitPrice, event.unitPrice)
    fields.compare("price_version", row.priceVersion, event.priceVersion)
    fields.compare("held", row.held, event.amount)
    fields.compare("created_at", row.createdAt, header.at)
    let places = event.budgets.map { BudgetPlace(subject: $0.id.owner, start: $0.id.start) }
    if row.budgets(of: team) != places {
      fields.compare("the budgets of the hold", "other ones", "those of its line")
    }
    if row.state == EditState.refused.rawValue { fields.compare("state", row.state, EditState.held.rawValue) }
    return fields.message
  }

  /// The row of an edit that a line refused.
  static func compare(_ row: CheckedRecord, with event: EditRefused, _ header: LineHeader, team: TeamID) -> String? {
    var fields = FieldComparison()
    fields.compare("record_id", row.id, event.record)
    fields.compare("member_id", row.member, event.member)
    fields.compare("key_id", row.key, event.key)
    fields.compare("instance_id", row.instance, event.instance)
    fields.compare("model", row.model, event.model)
    fields.compare("quality", row.quality, event.quality)
    fields.compare("size", row.size, event.size)
    fields.compare("n", row.n, event.n)
    fields.compare("unit_price", row.unitPrice, event.unitPrice)
    fields.compare("price_version", row.priceVersion, event.priceVersion)
    fields.compare("held", row.held, .zero)
    fields.compare("charged", row.charged, .zero)
    fields.compare("created_at", row.createdAt, header.at)
    fields.compare("state", row.state, EditState.refused.rawValue)
    fields.compare("cause", row.cause, event.refusedBy.rawValue)
    fields.compare("resolve_index", row.resolveIndex, nil)
    fields.compare("evidence_index", row.evidenceIndex, nil)
    if !row.budgets(of: team).isEmpty { fields.compare("the budgets of the hold", "some", "none") }
    return fields.message
  }

  /// The row of an edit that a line settled. What was credited since is compared at the end of the log, and what late
  /// evidence changed at its own line.
  static func compare(_ row: CheckedRecord, with event: EditSettled, _ header: LineHeader) -> String? {
    var fields = FieldComparison()
    fields.compare("state", row.state, EditState.settled.rawValue)
    fields.compare("charged", row.charged, event.charge)
    if row.evidenceIndex == nil {
      fields.compare("assumed", row.assumed, event.assumed)
      fields.compare("variance", row.variance, event.variance)
    }
    fields.compare("hold_index", row.holdIndex, event.hold)
    fields.compare("resolve_index", row.resolveIndex, header.index)
    fields.compare("resolved_at", row.resolvedAt, header.at)
    fields.compare("cause", row.cause, event.cause.rawValue)
    return fields.message
  }

  /// The row of an edit that a line released.
  static func compare(_ row: CheckedRecord, with event: EditReleased, _ header: LineHeader) -> String? {
    var fields = FieldComparison()
    fields.compare("state", row.state, EditState.released.rawValue)
    fields.compare("assumed", row.assumed, false)
    fields.compare("charged", row.charged, .zero)
    fields.compare("credited", row.credited, .zero)
    if row.evidenceIndex == nil { fields.compare("variance", row.variance, .zero) }
    fields.compare("hold_index", row.holdIndex, event.hold)
    fields.compare("resolve_index", row.resolveIndex, header.index)
    fields.compare("resolved_at", row.resolvedAt, header.at)
    fields.compare("cause", row.cause, event.cause.rawValue)
    return fields.message
  }

  /// The row of an edit of which a line told the truth late.
  static func compare(_ row: CheckedRecord, with event: EditEvidence, _ header: LineHeader) -> String? {
    var fields = FieldComparison()
    fields.compare("assumed", row.assumed, false)
    fields.compare("variance", row.variance, event.variance)
    fields.compare("hold_index", row.holdIndex, event.hold)
    fields.compare("resolve_index", row.resolveIndex, event.settlement)
    fields.compare("evidence_index", row.evidenceIndex, header.index)
    return fields.message
  }

  /// The row of an edit that a line put in doubt; it may be resolved by now.
  static func compare(_ row: CheckedRecord, with event: EditInDoubt, _ header: LineHeader) -> String? {
    var fields = FieldComparison()
    fields.compare("in_doubt_at", row.inDoubtAt, header.at)
    fields.compare("hold_index", row.holdIndex, event.hold)
    if row.state == EditState.held.rawValue { fields.compare("state", row.state, EditState.inDoubt.rawValue) }
    return fields.message
  }

  /// The row of an edit that is open at the end of the log.
  static func compare(_ row: CheckedRecord, withOpen record: RecordState) -> String? {
    var fields = FieldComparison()
    fields.compare("state", row.state, record.state.rawValue)
    fields.compare("held", row.held, record.held)
    fields.compare("charged", row.charged, .zero)
    fields.compare("credited", row.credited, .zero)
    fields.compare("hold_index", row.holdIndex, record.openedIndex)
    fields.compare("resolve_index", row.resolveIndex, nil)
    fields.compare("evidence_index", row.evidenceIndex, nil)
    if record.state == .held { fields.compare("in_doubt_at", row.inDoubtAt, nil) }
    return fields.message
  }
}
