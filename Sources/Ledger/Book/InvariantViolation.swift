/// A rule of the ledger that a whole book breaks, and where (docs/ledger.md, invariants).
package struct InvariantViolation: Hashable, Sendable {
  /// The rule.
  package enum Rule: String, Hashable, Sendable, CaseIterable {
    /// `used + held <= limit`, or the row is marked.
    case limit
    /// A row is marked exactly when it is over its limit.
    case overLimitMark
    /// No amount is negative or above `Credits.maximum`.
    case range
    /// A row's held is the sum of the open holds that name it.
    case held
    /// A row's used is the sum of the charges that name it, less what was credited.
    case used
    /// The members' used and held over all periods are the team's.
    case memberSum
    /// A row belongs to a subject that is there, and no moment to two rows of one subject.
    case row
    /// A record's state, amounts, line indexes and rows fit together.
    case record
    /// A key's member is there.
    case key
  }

  /// Where it is broken.
  package enum Place: Hashable, Sendable {
    /// In a budget row.
    case budget(BudgetID)
    /// In a record.
    case record(RecordID)
    /// In a key.
    case key(KeyID)
    /// In the team as a whole.
    case team(TeamID)
  }

  /// The rule.
  package var rule: Rule
  /// Where it is broken.
  package var place: Place
  /// What was found against what was expected, in a few words without anything personal.
  package var detail: String

  /// A violation with these fields.
  package init(_ rule: Rule, _ place: Place, _ detail: String) {
    self.rule = rule
    self.place = place
    self.detail = detail
  }
}

extension InvariantViolation: CustomStringConvertible {
  /// One line that names rule, row and what was found.
  package var description: String {
    switch place {
    case .budget(let id): "\(rule.rawValue): budget \(id): \(detail)"
    case .record(let id): "\(rule.rawValue): edit \(id): \(detail)"
    case .key(let id): "\(rule.rawValue): key \(id): \(detail)"
    case .team(let id): "\(rule.rawValue): team \(id): \(detail)"
    }
  }
}
