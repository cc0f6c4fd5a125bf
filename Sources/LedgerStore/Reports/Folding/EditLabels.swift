import Ledger

/// Who sent an edit and for what: the columns of its usage bucket.
struct EditLabels: Sendable {
  var member: MemberID
  var key: KeyID
  var options: EditOptions
}

extension EditLabels {
  /// What the line says that held the edit.
  init(_ held: EditHeld) {
    self.init(
      member: held.member, key: held.key,
      options: EditOptions(model: held.model, quality: held.quality, size: held.size))
  }

  /// What the line says that refused the edit.
  init(_ refused: EditRefused) {
    self.init(
      member: refused.member, key: refused.key,
      options: EditOptions(model: refused.model, quality: refused.quality, size: refused.size))
  }
}

extension UsageCounts {
  /// What an event books, at the time of its line; nil: it is no usage.
  init?(_ event: Event) {
    self.init()
    switch event {
    case .settled(let settled):
      self.settled = 1
      images = Int64(settled.results)
      charged = settled.charge.value
    case .released: released = 1
    case .refused: refused = 1
    case .credited(let credited): self.credited = credited.amount.value
    case .evidence(let evidence): credited = evidence.credited.value
    default: return nil
    }
  }
}

extension Event {
  /// The index of the line that held the edit of which this one books something; nil: it is that line, or none.
  var hold: Int64? {
    switch self {
    case .settled(let event): event.hold
    case .released(let event): event.hold
    case .credited(let event): event.hold
    case .evidence(let event): event.hold
    default: nil
    }
  }
}
