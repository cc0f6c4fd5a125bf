extension TeamBook {
  /// Holds an edit's credits on all of its budgets, or refuses it, naming the first that it does not fit: the most
  /// specific first, which is key, member, team, since that is the one whose owner can help first.
  func decideHold(_ command: HoldCommand, _ context: DecisionContext) throws(LedgerError) -> Decision {
    if let known = records[command.record] { return try decideRepeatedHold(command, known) }
    let (member, key) = try admit(member: command.member, key: command.key, at: context.at)
    guard (1...HoldCommand.resultsMaximum).contains(command.n) else { throw .invalid(field: "n") }
    for (field, text) in [("model", command.model), ("quality", command.quality), ("size", command.size)] {
      guard Token.isValid(text) else { throw .invalid(field: field) }
    }
    let price = context.prices.price(
      model: command.model, quality: command.quality, size: command.size, at: context.at)
    guard let price else {
      throw .unpriced(model: command.model, quality: command.quality, size: command.size)
    }
    guard Credits(price.version).isWithinLimits else { throw .invalid(field: "priceVersion") }
    let amount = try price.amount(n: command.n)
    let rows = budgets(of: member, with: key, at: context.at, month: context.month)
    if let refusing = rows.last(where: { !$0.fits(amount) }) {
      return try refuse(command, price, amount, rows, refusing)
    }
    let event = EditHeld(
      record: command.record, member: command.member, key: command.key, instance: command.instance,
      model: command.model, quality: command.quality, size: command.size, n: command.n, unitPrice: price.credits,
      priceVersion: price.version, amount: amount, budgets: try movements(holding: amount, on: rows))
    return Decision([.held(event)], .held(RecordState(event, index: logSize, at: context.at)))
  }

  private func refuse(
    _ command: HoldCommand, _ price: PriceEntry, _ needed: Credits, _ rows: [Budget], _ refusing: Budget
  ) throws(LedgerError) -> Decision {
    let event = EditRefused(
      record: command.record, member: command.member, key: command.key, instance: command.instance,
      model: command.model, quality: command.quality, size: command.size, n: command.n, unitPrice: price.credits,
      priceVersion: price.version, needed: needed, refusedBy: refusing.id.scope,
      available: refusing.available ?? .zero,
      budgets: rows.map { BudgetMovement(of: $0, usedAfter: $0.used, heldAfter: $0.held) })
    guard let refusal = Refusal(event) else {
      throw .contradiction(Contradiction(.budget(refusing.id), "limit"))
    }
    return Decision([.refused(event)], .refused(refusal))
  }

  /// A hold that was decided before: what became of it, and nothing new.
  private func decideRepeatedHold(_ command: HoldCommand, _ record: RecordState) throws(LedgerError) -> Decision {
    guard record.member == command.member, record.key == command.key else {
      throw .alreadyExists(id: command.record.bits)
    }
    return switch record.state {
    case .held: Decision(.held(record))
    case .inDoubt: Decision(.inDoubt(record))
    case .settled, .released: Decision(.alreadyResolved(record))
    case .refused: Decision(record.refusal.map(Outcome.refused) ?? .alreadyResolved(record))
    }
  }

  /// The member and the key of an edit, where both may submit one at `moment`. A suspension or revocation that raced
  /// the authentication is found here.
  func admit(
    member: MemberID, key: KeyID, at moment: Timestamp
  ) throws(LedgerError) -> (MemberState, KeyState) {
    guard team.status == .active else { throw .notAllowed(.teamSuspended) }
    guard let memberState = members[member] else { throw .unknownMember(member) }
    guard memberState.status == .active else { throw .notAllowed(.memberSuspended) }
    guard let keyState = keys[key] else { throw .unknownKey(key) }
    if let denial = keyState.denial(at: moment) { throw .notAllowed(denial) }
    guard keyState.member == member else { throw .notAllowed(.keyForeign) }
    return (memberState, keyState)
  }

  /// What a hold of `amount` does to `rows`.
  func movements(holding amount: Credits, on rows: [Budget]) throws(LedgerError) -> [BudgetMovement] {
    var movements: [BudgetMovement] = []
    movements.reserveCapacity(rows.count)
    for row in rows { movements.append(try TeamBook.movement(holding: amount, on: row)) }
    return movements
  }

  /// What it does to one of them. The sum of used and held stays within `Credits.maximum`, also where there is no limit.
  @inline(__always)
  static func movement(holding amount: Credits, on row: Budget) throws(LedgerError) -> BudgetMovement {
    let held = try row.held.adding(amount)
    _ = try row.used.adding(held)
    return BudgetMovement(of: row, usedAfter: row.used, heldAfter: held)
  }
}
