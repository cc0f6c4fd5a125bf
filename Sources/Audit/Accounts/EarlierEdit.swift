import Ledger

/// What a credit's line says of the edit that it is for.
struct EarlierEdit {
  var record: RecordID
  /// The index of the line that held it.
  var hold: Int64
  /// The index of the line that ended it.
  var settlement: Int64
  var member: MemberID

  init(_ event: EditCredited) {
    record = event.record
    hold = event.hold
    settlement = event.settlement
    member = event.budgets.member
  }

  init(_ event: EditEvidence) {
    record = event.record
    hold = event.hold
    settlement = event.settlement
    member = event.budgets.member
  }
}

extension [BudgetMovement] {
  /// The member on whose row the movement is; a member of no team where it is on none.
  var member: MemberID {
    MemberID(bits: first { $0.id.scope == .member }?.id.subject ?? 0)
  }
}
