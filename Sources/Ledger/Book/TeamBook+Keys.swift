extension TeamBook {
  /// Issues a key. Run again with the same settings, it reports the key that is there.
  func decideIssue(_ command: IssueKeyCommand, _ context: DecisionContext) throws(LedgerError) -> Decision {
    let event = KeyIssued(
      key: command.key, member: command.member, limit: command.limit, period: command.period,
      scopes: command.scopes, expiresAt: command.expiresAt, ratePerMinute: command.ratePerMinute)
    let issued = KeyState(event)
    if let known = keys[command.key] {
      guard known == issued else { throw .alreadyExists(id: command.key.bits) }
      return Decision(.keyIssued(known))
    }
    guard members[command.member] != nil else { throw .unknownMember(command.member) }
    try TeamBook.check(limit: command.limit)
    guard !command.scopes.isEmpty, command.scopes.isSubset(of: .all) else { throw .invalid(field: "scopes") }
    if let expiresAt = command.expiresAt {
      guard expiresAt > context.at, expiresAt.isWithinLimits else { throw .invalid(field: "expiresAt") }
    }
    if let rate = command.ratePerMinute {
      guard (0...KeyState.maximumRatePerMinute).contains(rate) else { throw .invalid(field: "ratePerMinute") }
    }
    return Decision([.keyIssued(event)], .keyIssued(issued))
  }

  /// Replaces a key by a new one with the same settings, expiry and budget. The old one ends with the overlap, or
  /// earlier where it would have expired earlier.
  func decideRotation(_ command: RotateKeyCommand, _ context: DecisionContext) throws(LedgerError) -> Decision {
    guard let old = keys[command.key] else { throw .unknownKey(command.key) }
    guard command.newKey != command.key else { throw .invalid(field: "newKey") }
    if let known = keys[command.newKey] {
      guard known.member == old.member, known.budgetSubject == old.budgetSubject else {
        throw .alreadyExists(id: command.newKey.bits)
      }
      return Decision(.keyRotated(known, replaced: old))
    }
    if let denial = old.denial(at: context.at) { throw .notAllowed(denial) }
    guard (0...RotateKeyCommand.overlapSecondsMaximum).contains(command.overlapSeconds) else {
      throw .invalid(field: "overlapSeconds")
    }
    let overlapEnd = context.at.adding(seconds: command.overlapSeconds)
    let event = KeyRotated(
      key: command.newKey, replaces: old.id, member: old.member, budgetSubject: old.budgetSubject,
      limit: old.limit, period: old.period, scopes: old.scopes, expiresAt: old.expiresAt,
      ratePerMinute: old.ratePerMinute, oldExpiryBefore: old.expiresAt,
      oldExpiryAfter: min(old.expiresAt ?? overlapEnd, overlapEnd))
    var replaced = old
    replaced.expiresAt = event.oldExpiryAfter
    return Decision([.keyRotated(event)], .keyRotated(KeyState(event), replaced: replaced))
  }

  /// Revokes a key at once. A revoked one stays as it is.
  func decideRevocation(_ command: RevokeKeyCommand, _ context: DecisionContext) throws(LedgerError) -> Decision {
    guard var key = keys[command.key] else { throw .unknownKey(command.key) }
    guard key.revokedAt == nil else { return Decision(.unchanged) }
    key.revokedAt = context.at
    return Decision([.keyRevoked(KeyRevoked(key: key.id))], .keyRevoked(key))
  }
}

extension KeyState {
  /// The key that `event` issues.
  init(_ event: KeyIssued) {
    self.init(
      id: event.key, member: event.member, budgetSubject: event.key, limit: event.limit, period: event.period,
      scopes: event.scopes, expiresAt: event.expiresAt, ratePerMinute: event.ratePerMinute)
  }

  /// The new key of a rotation.
  init(_ event: KeyRotated) {
    self.init(
      id: event.key, member: event.member, budgetSubject: event.budgetSubject, limit: event.limit,
      period: event.period, scopes: event.scopes, expiresAt: event.expiresAt, ratePerMinute: event.ratePerMinute)
  }
}

extension KeyScopes {
  /// Every scope.
  static let all = named.reduce(into: KeyScopes()) { $0.formUnion($1.scope) }
}
