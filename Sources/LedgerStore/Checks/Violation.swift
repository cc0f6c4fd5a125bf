package import Ledger

/// One place where an invariant does not hold. Nothing of it is personal.
package struct Violation: Sendable, Hashable {
  /// What does not hold.
  package var invariant: Invariant
  /// Whose ledger it is; nil for what belongs to no team.
  package var team: TeamID?
  /// The row: its table and its key, as in `budget member <uuid> month 2026-11-01T00:00:00.000000Z`.
  package var subject: String
  /// What was found against what was expected.
  package var message: String

  /// A violation.
  package init(_ invariant: Invariant, team: TeamID?, subject: String, message: String) {
    self.invariant = invariant
    self.team = team
    self.subject = subject
    self.message = message
  }
}

extension Violation: CustomStringConvertible {
  /// One line that names invariant, team and row.
  package var description: String {
    let place = team.map { "team \($0), " } ?? ""
    return "\(invariant.rawValue): \(place)\(subject): \(message)"
  }
}

/// Violations as they are found: one fault can break very many rows, and nobody reads more than the first ones.
struct ViolationList: Sendable {
  /// The most of one team that are kept.
  static let maximum = 1_000

  /// Whose ledger is looked at; nil between teams.
  let team: TeamID?
  private(set) var violations: [Violation] = []

  /// An empty list.
  init(team: TeamID?) {
    self.team = team
  }

  /// Whether more are not kept.
  var isFull: Bool { violations.count >= Self.maximum }

  /// Adds one unless the list is full.
  mutating func add(_ invariant: Invariant, _ subject: String, _ message: String) {
    guard !isFull else { return }
    violations.append(Violation(invariant, team: team, subject: subject, message: message))
  }
}
