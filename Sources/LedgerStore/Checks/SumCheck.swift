import Ledger

/// Adds the records up, as the table has them, and compares the sums with the budget rows. Sums have 128 bits, where no
/// damaged value can overflow.
struct SumCheck: Sendable {
  private struct Sums {
    var used: Int128 = 0
    var held: Int128 = 0
  }

  private let team: TeamID
  private var sums: [BudgetPlace: Sums] = [:]

  /// Sums of `team` without a record, but for what was used by edits of logs that were replaced.
  init(team: TeamID, opening: TeamBook? = nil) {
    self.team = team
    for budget in opening?.budgets.values.map(\.self) ?? [] where budget.used != .zero {
      sums[BudgetPlace(subject: budget.id.owner, start: budget.id.start)] = Sums(used: Int128(budget.used.value))
    }
  }

  /// Adds the charge of a settled record.
  mutating func addCharge(of record: CheckedRecord) {
    for place in record.budgets(of: team) { sums[place, default: Sums()].used += Int128(record.charged.value) }
  }

  /// Adds the charge of a record that is not there any more.
  mutating func add(_ charge: Credits, at places: [BudgetPlace]) {
    for place in places { sums[place, default: Sums()].used += Int128(charge.value) }
  }

  /// Takes off what was credited of a record that is not there any more.
  mutating func takeOff(_ credits: Int128, at places: [BudgetPlace]) {
    for place in places { sums[place, default: Sums()].used -= credits }
  }

  /// Takes off what was credited of a settled record, but for what a log that was replaced credited.
  mutating func addCredit(of record: CheckedRecord, besides earlier: Credits = .zero) {
    let credited = Int128(record.credited.value) - Int128(earlier.value)
    for place in record.budgets(of: team) { sums[place, default: Sums()].used -= credited }
  }

  /// Adds an open hold.
  mutating func addHold(of record: CheckedRecord) {
    for place in record.budgets(of: team) { sums[place, default: Sums()].held += Int128(record.held.value) }
  }

  /// Compares the budget rows of the team.
  func compare(_ budgets: [Budget], _ violations: inout ViolationList) {
    var left = sums
    for budget in budgets {
      let place = BudgetPlace(subject: budget.id.owner, start: budget.id.start)
      let sum = left.removeValue(forKey: place) ?? Sums()
      let (used, held) = (Int128(budget.used.value), Int128(budget.held.value))
      if held != sum.held {
        violations.add(
          .heldIsSumOfOpenHolds, budget.subject, "held is \(budget.held), its open holds are \(sum.held)")
      }
      if used != sum.used {
        violations.add(
          .usedIsSettledLessCredited, budget.subject, "used is \(budget.used), its charges less credits are \(sum.used)"
        )
      }
      if let limit = budget.limit, used + held > Int128(limit.value), !budget.isOverLimit {
        violations.add(
          .budgetIsWithinItsLimit, budget.subject, "used \(used) and held \(held) are above the limit of \(limit)")
      }
    }
    for (place, sum) in left.sorted(by: { $0.key.name < $1.key.name }) {
      if sum.held != 0 { violations.add(.heldIsSumOfOpenHolds, place.name, "the row of open holds is missing") }
      if sum.used != 0 { violations.add(.usedIsSettledLessCredited, place.name, "the row of charges is missing") }
    }
    compareMembers(budgets, &violations)
  }

  private func compareMembers(_ budgets: [Budget], _ violations: inout ViolationList) {
    var (ofTeam, ofMembers) = (Sums(), Sums())
    for budget in budgets {
      switch budget.id.scope {
      case .team:
        ofTeam.used += Int128(budget.used.value)
        ofTeam.held += Int128(budget.held.value)
      case .member:
        ofMembers.used += Int128(budget.used.value)
        ofMembers.held += Int128(budget.held.value)
      case .key: continue
      }
    }
    guard ofTeam.used != ofMembers.used || ofTeam.held != ofMembers.held else { return }
    violations.add(
      .memberSumsAreTheTeams, "team \(team)",
      "used \(ofTeam.used) and held \(ofTeam.held), its members' \(ofMembers.used) and \(ofMembers.held)")
  }
}

extension BudgetPlace {
  /// Its name in a violation.
  var name: String { "budget \(subject.scope.rawValue) \(KeyID(bits: subject.bits)) from \(start)" }
}

extension Budget {
  /// Its name in a violation.
  var subject: String { "budget \(id)" }
}
