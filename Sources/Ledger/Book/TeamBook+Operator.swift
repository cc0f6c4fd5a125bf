// The operator's log is kept like a team's, under an id that no team has. Its book holds nothing but the log itself: what
// stands in it concerns all teams.

extension TeamID {
  /// The id under which the operator's log is kept. Ids of teams are random and never this one, which also stands before
  /// all of them.
  package static let operatorLog = TeamID(bits: 0)
}

extension TeamBook {
  /// Whether it is the operator's log that the book belongs to.
  package var isOperators: Bool { team.id == .operatorLog }

  func check(_ event: PriceChanged) throws(LedgerError) {
    try requireOperators()
    for (field, text) in [("model", event.model), ("quality", event.quality), ("size", event.size)]
    where !Token.isValid(text) {
      throw .invalid(field: field)
    }
    guard event.priceVersion >= 1, Credits(event.priceVersion).isWithinLimits else {
      throw .invalid(field: "priceVersion")
    }
    guard event.from.isWithinLimits else { throw .invalid(field: "from") }
    for (field, credits) in [("old", event.old), ("new", event.new)] {
      guard credits.map({ $0 > .zero && $0.isWithinLimits }) ?? true else { throw .invalid(field: field) }
    }
  }

  func check(_ event: LogKeyRetired) throws(LedgerError) {
    try requireOperators()
    guard Token.isValid(event.vkey) else { throw .invalid(field: "vkey") }
  }

  func check(_ event: SignerRecovered) throws(LedgerError) {
    try requireOperators()
    guard event.lost != event.state else { throw .invalid(field: "state") }
    guard event.count >= 0, Credits(event.count).isWithinLimits else { throw .invalid(field: "count") }
    guard (0...event.count).contains(event.brought) else { throw .invalid(field: "brought") }
    guard (0...event.count).contains(event.notExtending) else { throw .invalid(field: "notExtending") }
  }

  func check(_ event: HeadsCovered) throws(LedgerError) {
    try requireOperators()
    guard event.count >= 0, Credits(event.count).isWithinLimits else { throw .invalid(field: "count") }
  }

  /// What concerns all teams stands in the operator's log and in no team's.
  private func requireOperators() throws(LedgerError) {
    try require(isOperators, .team, "team")
  }
}
