/// `legal_hold.placed`: from now on nothing of the team may be erased or pruned. Edits go on. Why is personal, so it
/// stands in the private payload.
package struct LegalHoldPlaced: Hashable, Sendable {
  /// An event without fields of its own.
  package init() {}
}

/// `legal_hold.lifted`: the team's data may be erased and pruned again.
package struct LegalHoldLifted: Hashable, Sendable {
  /// An event without fields of its own.
  package init() {}
}
