extension RecordState {
  /// The record that a hold's line at `index` opens.
  init(_ event: borrowing EditHeld, index: Int64, at moment: Timestamp) {
    self.init(
      id: event.record, member: event.member, key: event.key, instance: event.instance, state: .held,
      held: event.amount, n: event.n, unitPrice: event.unitPrice, priceVersion: event.priceVersion,
      budgets: event.budgets.map(\.id), openedIndex: index, heldAt: moment)
  }

  /// The record that a refusal's line at `index` leaves.
  init(_ event: EditRefused, index: Int64, at moment: Timestamp) {
    self.init(
      id: event.record, member: event.member, key: event.key, instance: event.instance, state: .refused,
      held: .zero, n: event.n, unitPrice: event.unitPrice, priceVersion: event.priceVersion, budgets: [],
      openedIndex: index, heldAt: moment, refusal: Refusal(event))
  }

  /// Takes in a settlement's line at `index`.
  mutating func resolve(by event: EditSettled, index: Int64) {
    state = .settled
    settleCause = event.cause
    charged = event.charge
    assumed = event.assumed
    resolvedIndex = index
  }

  /// Takes in a release's line at `index`.
  mutating func resolve(by event: EditReleased, index: Int64) {
    state = .released
    resolvedIndex = index
  }

  /// The record after a settlement's line at `index`.
  func resolved(by event: EditSettled, index: Int64) -> RecordState {
    var record = self
    record.resolve(by: event, index: index)
    return record
  }

  /// The record after a release's line at `index`.
  func resolved(by event: EditReleased, index: Int64) -> RecordState {
    var record = self
    record.resolve(by: event, index: index)
    return record
  }

  /// The record after the line at `index` that told what the upstream really did.
  func proven(by event: EditEvidence, index: Int64) throws(LedgerError) -> RecordState {
    var record = self
    record.credited = try credited.adding(event.credited)
    record.assumed = false
    record.evidenceIndex = index
    return record
  }

  /// What the edit cost upstream: what the upstream says it took, else the held unit price for each result. Nothing
  /// delivered and nothing told costs nothing.
  func due(results: Int, upstreamCredit: Credits?) -> Credits {
    upstreamCredit ?? unitPrice.saturatingMultiplied(by: results)
  }
}
