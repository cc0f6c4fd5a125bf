import Ledger
import Testing

/// Each rule is broken once in a sound book, and must be named with its row.
struct InvariantTests {
  private func team() throws -> TestTeam {
    var team = try TestTeam(teamLimit: 500_000, memberLimit: 500_000, keyLimit: 500_000)
    try team.hold(.one)
    try team.hold(.two)
    try team.hold(.three)
    try team.settle(.one)
    try team.run(.release(ReleaseCommand(record: .two, cause: .notSent)))
    #expect(team.book.checkInvariants() == [])
    return team
  }

  private func violations(_ change: (inout TeamBook) -> Void) throws -> [InvariantViolation] {
    var book = try team().book
    change(&book)
    return book.checkInvariants()
  }

  private func changed(
    _ subject: BudgetSubject, _ change: (inout Budget) -> Void
  ) throws -> ([InvariantViolation], BudgetID) {
    let id = try #require(try team().book.budgets.newest(of: subject)).id
    return (
      try violations { book in
        guard var row = book.budgets[id] else { return }
        change(&row)
        book.budgets[id] = row
      }, id
    )
  }

  @Test(arguments: [BudgetSubject.team(TestTeam.teamID), .member(.ada), .key(.first)])
  func aDamagedRowIsNamed(subject: BudgetSubject) throws {
    func rules(_ change: (inout Budget) -> Void) throws -> Set<InvariantViolation.Rule> {
      let (violations, id) = try changed(subject, change)
      return Set(violations.filter { $0.place == .budget(id) }.map(\.rule))
    }
    #expect(try rules { $0.used = Credits(1) } == [.used])
    #expect(try rules { $0.held = .zero } == [.held])
    #expect(try rules { $0.limit = Credits(65_999) } == [.limit])
    #expect(try rules { $0.isOverLimit = true } == [.overLimitMark])
    #expect(try rules { $0.used = Credits(-1) } == [.range, .used])
    #expect(try rules { $0.end = .epoch } == [.row])
    #expect(try rules { $0.held = Credits(.max) } == [.held, .range, .limit])
    #expect(
      try rules {
        $0.used = Credits(.min)
        $0.held = Credits(.min)
      } == [.held, .used, .range, .limit])
  }

  @Test func sumsOfMembersThatAreNotTheTeamsAreNamed() throws {
    let (violations, _) = try changed(.member(.ada)) { $0.used = .zero }
    #expect(violations.contains { $0.rule == .memberSum && $0.place == .team(TestTeam.teamID) })
    let (others, _) = try changed(.key(.first)) { $0.used = .zero }
    #expect(!others.contains { $0.rule == .memberSum })
  }

  @Test(arguments: [RecordID.one, .two, .three])
  func aDamagedRecordIsNamed(record: RecordID) throws {
    func isNamed(_ change: (inout RecordState) -> Void) throws -> Bool {
      try violations { change(&$0.records[record]!) }.contains { $0.rule == .record && $0.place == .record(record) }
    }
    #expect(try isNamed { $0.charged = Credits(-1) })
    #expect(try isNamed { $0.credited = Credits(33_001) })
    #expect(try isNamed { $0.openedIndex = 99 })
    #expect(try isNamed { $0.resolvedIndex = $0.resolvedIndex == nil ? 6 : nil })
    #expect(try isNamed { $0.budgets.removeLast(2) })
    #expect(try isNamed { $0.key = .third })
    #expect(try isNamed { $0.state = .refused })
    #expect(try isNamed { $0.evidenceIndex = $0.openedIndex })
    if record == .one {
      #expect(try isNamed { $0.settleCause = nil })
      #expect(try isNamed { $0.assumed = true })
      #expect(try isNamed { $0.evidenceIndex = 7 })
    }
  }

  @Test func aRecordThatIsGoneIsMissedByItsRows() throws {
    let violations = try violations { $0.records[.three] = nil }
    #expect(Set(violations.map(\.rule)) == [.held])
    #expect(violations.count == 3)
  }

  @Test func aRowThatIsGoneIsMissedByItsRecords() throws {
    let id = try #require(try team().book.budgets.newest(of: .member(.ada))).id
    let violations = try violations { $0.budgets[id] = nil }
    #expect(violations.contains { $0.rule == .row && $0.place == .budget(id) })
  }

  @Test func rowsOfNobodyAndRowsThatOverlapAreNamed() throws {
    let stranger = BudgetID(scope: .member, subject: 99, period: .total, start: .epoch)
    let violations = try violations { $0.budgets[stranger] = Budget(opening: stranger, end: nil, limit: nil) }
    #expect(violations.map(\.place) == [.budget(stranger)])
    let early = BudgetID(scope: .member, subject: MemberID.ada.bits, period: .month, start: .epoch)
    let overlap = try self.violations { book in
      book.budgets[early] = Budget(opening: early, end: TestTeam.start, limit: nil)
    }
    #expect(overlap.map(\.place) == [.budget(early)])
    #expect(overlap.map(\.rule) == [.row])
  }

  @Test func aKeyOfNobodyIsNamed() throws {
    let violations = try violations {
      $0.keys[.third] = KeyState(id: .third, member: .bob, budgetSubject: .third)
    }
    #expect(violations.map(\.place) == [.key(.third)])
  }
}
