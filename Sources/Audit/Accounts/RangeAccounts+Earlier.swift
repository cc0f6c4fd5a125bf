import Ledger

/// Edits that were over and forgotten when a credit came.
extension RangeAccounts {
  /// Brings back the edit that a line names, and answers what tables say of it.
  ///
  /// Of an edit that was over before the range began no line tells: there the ledger takes the credit by what it says.
  mutating func recall(_ edit: EarlierEdit, _ lines: any EarlierLines) throws -> EditDetails {
    let known = book.records[edit.record]
    var details = known.map { EditDetails($0) } ?? EditDetails(member: edit.member)
    guard edit.settlement >= from else { return details }
    // In a log that took another's place, the number may be one of that other, and name another edit's line here.
    let end = try event(at: edit.settlement, lines).flatMap { $0.event.record == edit.record ? $0 : nil }
    if let opening = try event(at: edit.hold, lines), case .held(let held) = opening.event, held.record == edit.record {
      details = EditDetails(held, products.product(of: held), at: opening.header.at)
      if known == nil, let end, let record = record(held, opening.header, end) { remember(record) }
    }
    return details
  }

  /// The edit as the ledger left it, from the lines that held and ended it; nil where they are not of one edit.
  private func record(
    _ held: EditHeld, _ opening: LineHeader, _ end: (header: LineHeader, event: Event)
  ) -> RecordState? {
    var record = RecordState(
      id: held.record, member: held.member, key: held.key, instance: held.instance, state: .settled, held: held.amount,
      n: held.n, unitPrice: held.unitPrice, priceVersion: held.priceVersion, budgets: held.budgets.map(\.id),
      openedIndex: opening.index, resolvedIndex: end.header.index, heldAt: opening.at)
    switch end.event {
    case .settled(let settled) where settled.record == held.record:
      record.settleCause = settled.cause
      record.charged = settled.charge
      record.assumed = settled.assumed
    case .released(let released) where released.record == held.record: record.state = .released
    default: return nil
    }
    return record
  }

  /// A line of the range that came before; nil where there is none.
  private func event(at index: Int64, _ lines: any EarlierLines) throws -> (header: LineHeader, event: Event)? {
    guard index >= from, let line = try lines.line(at: index), let parsed = try? Line.parse(line),
      parsed.0.index == index
    else { return nil }
    return (header: parsed.0, event: parsed.1)
  }
}
