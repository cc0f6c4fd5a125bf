/// Why a command cannot be decided or an event cannot be applied. Nothing was changed. Texts name ids and fields only,
/// never anything personal.
package enum LedgerError: Error, Hashable, Sendable {
  /// The team, the member or the key may not do this now. Nothing is stored of the attempt.
  case notAllowed(Denial)
  /// The price book has nothing for this model, quality and size at this time.
  case unpriced(model: String, quality: String, size: String)
  /// No such edit: a settlement whose hold is not there (docs/ledger.md: the team is then halted).
  case unknownHold(RecordID)
  /// No such member in this team.
  case unknownMember(MemberID)
  /// No such key in this team.
  case unknownKey(KeyID)
  /// The book belongs to no team yet.
  case unknownTeam(TeamID)
  /// The id was used before, for something else.
  case alreadyExists(id: UInt128)
  /// A field of the command or its context is out of its bounds.
  case invalid(field: String)
  /// A sum would leave `Credits.zero...Credits.maximum`.
  case amountOutOfRange
  /// An administrator's charge above what was held.
  case chargeOverHold(charge: Credits, held: Credits)
  /// A credit above what is left of the charge.
  case creditOverCharge(amount: Credits, creditable: Credits)
  /// A credit for an edit that was never charged.
  case notSettled(RecordID)
  /// What was credited before is not what the caller thought.
  case creditChanged(RecordID, credited: Credits)
  /// A period that is to be closed and goes on until then.
  case periodNotEnded(end: Timestamp)
  /// A row that the decision needs is not in this partial book.
  case budgetNotLoaded(BudgetID)
  /// An event that does not fit the book that it is applied to.
  case contradiction(Contradiction)
}

/// Why a team, a member or a key may not do something now.
package enum Denial: String, Hashable, Sendable, CaseIterable {
  /// The team's log is halted until an operator recovers it.
  case teamHalted
  /// The team is suspended.
  case teamSuspended
  /// The member is suspended.
  case memberSuspended
  /// The key was revoked.
  case keyRevoked
  /// The key has expired.
  case keyExpired
  /// The key belongs to another member.
  case keyForeign

  /// What is the matter, in a few words.
  package var sentence: String {
    switch self {
    case .teamHalted: "the team's log is halted until an operator recovers it"
    case .teamSuspended: "the team is suspended"
    case .memberSuspended: "the member is suspended"
    case .keyRevoked: "the key is revoked"
    case .keyExpired: "the key has expired"
    case .keyForeign: "the key belongs to another member"
    }
  }
}

extension LedgerError: CustomStringConvertible {
  /// One sentence that says what is wrong.
  package var description: String {
    switch self {
    case .notAllowed(let denial): denial.sentence
    case .unpriced(let model, let quality, let size): "no price for \(model), \(quality), \(size)"
    case .unknownHold(let id): "there is no hold \(id)"
    case .unknownMember(let id): "there is no member \(id)"
    case .unknownKey(let id): "there is no key \(id)"
    case .unknownTeam(let id): "there is no team \(id)"
    case .alreadyExists(let bits): "the id \(Identifier<Never>(bits: bits)) is in use"
    case .invalid(let field): "\(field) is out of bounds"
    case .amountOutOfRange: "an amount leaves the range of 0 to \(Credits.maximum) credits"
    case .chargeOverHold(let charge, let held): "a charge of \(charge) credits is above the \(held) held"
    case .creditOverCharge(let amount, let left): "a credit of \(amount) is above the \(left) left of the charge"
    case .notSettled(let id): "the edit \(id) was not charged"
    case .creditChanged(let id, let credited): "\(credited) credits were given back for \(id) meanwhile"
    case .periodNotEnded(let end): "the period does not end before \(end)"
    case .budgetNotLoaded(let id): "the budget \(id) is not loaded"
    case .contradiction(let contradiction): contradiction.description
    }
  }
}
