/// Where an edit stands (docs/ledger.md, states of an edit).
///
///     held ──▶ settled
///       │ └──▶ released
///       └────▶ in doubt ──▶ settled | released
///     refused
package enum EditState: String, Hashable, Sendable, CaseIterable {
  /// Its credits are held and somebody is at work on it.
  case held
  /// Nobody can tell whether the upstream did the work; its credits stay held.
  case inDoubt = "in_doubt"
  /// It was charged.
  case settled
  /// Its credits were given back uncharged.
  case released
  /// It did not fit a budget; the upstream never heard of it.
  case refused

  /// Whether its credits are still held.
  package var isOpen: Bool {
    self == .held || self == .inDoubt
  }
}

/// What the ledger knows of one edit.
package struct RecordState: Hashable, Sendable {
  /// The record's id.
  package var id: RecordID
  /// The member who submitted it.
  package var member: MemberID
  /// The key it was submitted with.
  package var key: KeyID
  /// The gateway's run that opened it.
  package var instance: InstanceID
  /// Where it stands.
  package var state: EditState
  /// What its hold took, also after it was resolved; zero for a refused edit.
  package var held: Credits
  /// What its charge rests on; nil until it is settled.
  package var settleCause: SettleCause?
  /// What it was charged; zero until it is settled.
  package var charged: Credits
  /// What of the charge was credited back.
  package var credited: Credits
  /// How many results were asked for.
  package var n: Int
  /// Credits for one result when it was held.
  package var unitPrice: Credits
  /// The version of the price that was used.
  package var priceVersion: Int64
  /// The rows that the hold was taken from, ascending; empty for a refused edit.
  package var budgets: [BudgetID]
  /// The index of the line that opened (or refused) it.
  package var openedIndex: Int64
  /// The index of the line that settled or released it; nil while it is open, and for a refused edit.
  package var resolvedIndex: Int64?
  /// The index of the line that told, after it was resolved, what the upstream really did; nil where none did.
  package var evidenceIndex: Int64?
  /// When it was held or refused.
  package var heldAt: Timestamp
  /// Whether it was charged by assumption, without anybody knowing what the upstream did.
  package var assumed: Bool
  /// Why it was refused. Nil for any other edit, and where it was not loaded: a book may be partial.
  package var refusal: Refusal? {
    get {
      switch kept {
      case .refusal(let refusal): refusal
      case .none: nil
      }
    }
    set { kept = newValue.map(KeptRefusal.refusal) ?? .none }
  }
  private var kept: KeptRefusal

  /// A record with these fields.
  package init(
    id: RecordID, member: MemberID, key: KeyID, instance: InstanceID, state: EditState, held: Credits,
    settleCause: SettleCause? = nil, charged: Credits = .zero, credited: Credits = .zero, n: Int, unitPrice: Credits,
    priceVersion: Int64, budgets: [BudgetID], openedIndex: Int64, resolvedIndex: Int64? = nil,
    evidenceIndex: Int64? = nil, heldAt: Timestamp, assumed: Bool = false, refusal: Refusal? = nil
  ) {
    self.id = id
    self.member = member
    self.key = key
    self.instance = instance
    self.state = state
    self.held = held
    self.settleCause = settleCause
    self.charged = charged
    self.credited = credited
    self.n = n
    self.unitPrice = unitPrice
    self.priceVersion = priceVersion
    self.budgets = budgets
    self.openedIndex = openedIndex
    self.resolvedIndex = resolvedIndex
    self.evidenceIndex = evidenceIndex
    self.heldAt = heldAt
    self.assumed = assumed
    kept = refusal.map(KeptRefusal.refusal) ?? .none
  }

  /// Whether somebody who learns now what the upstream did has something to add: the edit was resolved, and nobody has
  /// proven it yet. A release says already that nothing was done, so that only work is news to it.
  package func accepts(evidenceOfWork worked: Bool) -> Bool {
    guard evidenceIndex == nil else { return false }
    return switch state {
    case .settled: settleCause != .delivered
    case .released: worked
    case .held, .inDoubt, .refused: false
    }
  }

  /// Whether it became known only after its resolution what the upstream did.
  package var isProvenLate: Bool { evidenceIndex != nil }

  /// What is left of the charge after what was credited back.
  package var netCharge: Credits {
    Credits(charged.value &- credited.value)
  }
}

/// A refusal apart from the record: few edits have one, and each record is moved several times.
private enum KeptRefusal: Hashable, Sendable {
  case none
  indirect case refusal(Refusal)
}
