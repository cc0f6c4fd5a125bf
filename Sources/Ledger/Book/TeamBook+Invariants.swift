extension TeamBook {
  /// Every rule of the ledger that this book breaks, and where; none for a sound one (docs/ledger.md, invariants).
  ///
  /// Only of use for a *whole* book: with rows or records missing, sums cannot be right. Where resolved records were
  /// forgotten, what is used cannot be summed up and is not checked. Damaged values of any size are reported, never
  /// trapped on.
  package func checkInvariants() -> [InvariantViolation] {
    let sums = movementsOfRecords()
    var violations: [InvariantViolation] = []
    for row in budgets.values.sorted(by: { $0.id < $1.id }) {
      violations += violationsOfAmounts(in: row)
      violations += violationsOfSums(in: row, sums[row.id] ?? Movement())
      violations += violationsOfPlace(of: row)
    }
    for id in sums.keys.sorted() where budgets[id] == nil {
      violations.append(InvariantViolation(.row, .budget(id), "edits name a row that is not there"))
    }
    for record in records.values.sorted(by: { $0.id < $1.id }) {
      violations += violationsOfFields(in: record)
    }
    for key in keys.values.sorted(by: { $0.id < $1.id }) where members[key.member] == nil {
      violations.append(InvariantViolation(.key, .key(key.id), "its member is not there"))
    }
    return violations + violationsOfMemberSums()
  }

  /// Sums in 128 bits, where no damaged value can overflow.
  private struct Movement {
    var used: Int128 = 0
    var held: Int128 = 0
  }

  private func movementsOfRecords() -> [BudgetID: Movement] {
    var sums: [BudgetID: Movement] = [:]
    for record in records.values {
      for id in record.budgets {
        if record.state.isOpen { sums[id, default: Movement()].held += Int128(record.held.value) }
        if record.state == .settled {
          sums[id, default: Movement()].used += Int128(record.charged.value) - Int128(record.credited.value)
        }
      }
    }
    return sums
  }

  private func violationsOfAmounts(in row: Budget) -> [InvariantViolation] {
    var violations: [InvariantViolation] = []
    for (name, amount) in [("used", row.used), ("held", row.held), ("limit", row.limit ?? .zero)]
    where !amount.isWithinLimits {
      violations.append(InvariantViolation(.range, .budget(row.id), "\(name) is \(amount)"))
    }
    let amounts = "used \(row.used), held \(row.held), limit \(row.limit?.description ?? "none")"
    if row.exceedsLimit, !row.isOverLimit {
      violations.append(InvariantViolation(.limit, .budget(row.id), amounts))
    }
    if !row.exceedsLimit, row.isOverLimit {
      violations.append(InvariantViolation(.overLimitMark, .budget(row.id), amounts))
    }
    return violations
  }

  private func violationsOfSums(in row: Budget, _ sum: Movement) -> [InvariantViolation] {
    var violations: [InvariantViolation] = []
    if Int128(row.held.value) != sum.held {
      violations.append(
        InvariantViolation(.held, .budget(row.id), "held is \(row.held), its open holds are \(sum.held)"))
    }
    if forgottenBefore == 0, Int128(row.used.value) != sum.used {
      violations.append(
        InvariantViolation(.used, .budget(row.id), "used is \(row.used), its charges are \(sum.used)"))
    }
    return violations
  }

  private func violationsOfPlace(of row: Budget) -> [InvariantViolation] {
    let isOwnerThere =
      switch row.id.scope {
      case .team: row.id.owner == .team(team.id)
      case .member: members[MemberID(bits: row.id.subject)] != nil
      case .key: keys[KeyID(bits: row.id.subject)] != nil
      }
    var violations: [InvariantViolation] = []
    if !isOwnerThere {
      violations.append(InvariantViolation(.row, .budget(row.id), "its \(row.id.scope.rawValue) is not there"))
    }
    if let end = row.end, end <= row.id.start {
      violations.append(InvariantViolation(.row, .budget(row.id), "it ends at \(end), before it starts"))
    }
    let rows = budgets.rows(of: row.id.owner)
    let next = rows.firstIndex { $0.id == row.id }.map { $0 + 1 } ?? rows.count
    if next < rows.count, row.end.map({ $0 > rows[next].id.start }) ?? true {
      violations.append(InvariantViolation(.row, .budget(row.id), "the next row starts before its end"))
    }
    return violations
  }

  private func violationsOfFields(in record: RecordState) -> [InvariantViolation] {
    let isSound =
      switch record.state {
      case .held, .inDoubt:
        record.resolvedIndex == nil && record.charged == .zero && record.credited == .zero && record.held > .zero
          && !record.assumed && !record.isProvenLate
      case .settled:
        record.resolvedIndex.map { $0 > record.openedIndex } ?? false && record.charged >= .zero
          && record.charged <= record.held && record.credited >= .zero && record.credited <= record.charged
          && record.settleCause != nil && record.assumed == (record.settleCause == .assumed && !record.isProvenLate)
          && (record.settleCause != .delivered || !record.isProvenLate)
      case .released:
        record.resolvedIndex.map { $0 > record.openedIndex } ?? false && record.charged == .zero
          && record.credited == .zero && !record.assumed
      case .refused:
        record.resolvedIndex == nil && record.held == .zero && record.charged == .zero && record.budgets.isEmpty
          && !record.isProvenLate
      }
    var violations: [InvariantViolation] = []
    if !isSound {
      let amounts = "held \(record.held), charged \(record.charged), credited \(record.credited)"
      violations.append(
        InvariantViolation(.record, .record(record.id), "a \(record.state.rawValue) edit with \(amounts)"))
    }
    let lastIndex = max(record.openedIndex, record.resolvedIndex ?? 0, record.evidenceIndex ?? 0)
    let isEvidenceLate = record.evidenceIndex.map { $0 > record.resolvedIndex ?? .max } ?? true
    // Records of a log that this one took the place of keep the indexes that they had there.
    if record.openedIndex < 0 || lastIndex >= max(logSize, forgottenBefore) || !isEvidenceLate {
      violations.append(InvariantViolation(.record, .record(record.id), "a line \(lastIndex) is not in the log"))
    }
    if members[record.member] == nil || keys[record.key] == nil {
      violations.append(InvariantViolation(.record, .record(record.id), "its member or key is not there"))
    }
    let scopes = record.budgets.map(\.scope)
    if record.state != .refused, scopes != [.team, .member], scopes != [.team, .member, .key] {
      violations.append(InvariantViolation(.record, .record(record.id), "it names other budgets than it must"))
    }
    return violations
  }

  private func violationsOfMemberSums() -> [InvariantViolation] {
    var team = Movement()
    var members = Movement()
    for row in budgets.values {
      switch row.id.scope {
      case .team:
        team.used += Int128(row.used.value)
        team.held += Int128(row.held.value)
      case .member:
        members.used += Int128(row.used.value)
        members.held += Int128(row.held.value)
      case .key: continue
      }
    }
    guard team.used != members.used || team.held != members.held else { return [] }
    let detail =
      "used \(team.used) and held \(team.held), its members' \(members.used) and \(members.held)"
    return [InvariantViolation(.memberSum, .team(self.team.id), detail)]
  }
}
