import Ledger
import Testing

/// What a request that raced a suspension or a revocation finds: no line, nothing stored.
struct AdmissionTests {
  @Test(arguments: Denial.allCases)
  func whoMayNotSubmitIsRefusedWithoutALine(denial: Denial) throws {
    var team = try TestTeam()
    try team.run(.addMember(AddMemberCommand(member: .bob)))
    var key = KeyID.first
    switch denial {
    case .teamHalted: team.book.team.isHalted = true
    case .teamSuspended: try team.run(.changeTeam(ChangeTeamCommand(status: .set(.suspended))))
    case .memberSuspended:
      try team.run(.changeMember(ChangeMemberCommand(member: .ada, status: .set(.suspended))))
    case .keyRevoked: try team.run(.revokeKey(RevokeKeyCommand(key: .first)))
    case .keyExpired:
      try team.run(.rotateKey(RotateKeyCommand(key: .first, newKey: .second, overlapSeconds: 60)))
      team.now = team.now.adding(seconds: 60)
    case .keyForeign:
      try team.run(.issueKey(IssueKeyCommand(key: .third, member: .bob)))
      key = .third
    }
    let before = team.book
    #expect(throws: LedgerError.notAllowed(denial)) { try team.hold(.one, key: key) }
    #expect(team.book == before)
  }

  @Test func membersAndKeysThatAreNotThereAreNamed() throws {
    var team = try TestTeam()
    #expect(throws: LedgerError.unknownMember(.bob)) { try team.hold(.one, member: .bob) }
    #expect(throws: LedgerError.unknownKey(.third)) { try team.hold(.one, key: .third) }
  }

  @Test func aSuspensionLeavesOpenHoldsToBeSettled() throws {
    var team = try TestTeam(memberLimit: 100_000)
    try team.hold(.one)
    try team.hold(.two)
    try team.run(.changeTeam(ChangeTeamCommand(status: .set(.suspended))))
    try team.run(.changeMember(ChangeMemberCommand(member: .ada, status: .set(.suspended))))
    try team.run(.revokeKey(RevokeKeyCommand(key: .first)))
    try team.settle(.one)
    try team.run(.release(ReleaseCommand(record: .two, cause: .notSent)))
    #expect(team.memberBudget.used == Credits(33_000))
    #expect(team.memberBudget.held == .zero)
  }

  @Test func aHaltedTeamIsAnsweredNothingAtAll() throws {
    var team = try TestTeam()
    try team.hold(.one)
    team.book.team.isHalted = true
    #expect(throws: LedgerError.notAllowed(.teamHalted)) { try team.settle(.one) }
    #expect(throws: LedgerError.notAllowed(.teamHalted)) {
      try team.run(.changeTeam(ChangeTeamCommand(limit: .set(nil))))
    }
  }

  @Test func timeNeverGoesBack() throws {
    var team = try TestTeam()
    team.now = Timestamp(microseconds: team.now.microseconds - 1)
    let (book, context) = (team.book, team.context())
    #expect(throws: LedgerError.invalid(field: "at")) { try book.decide(.hold(.of(.one)), context) }
  }

  @Test func aMonthThatDoesNotHoldTheMomentIsRefused() throws {
    let team = try TestTeam()
    var context = team.context()
    context.month = PeriodBounds(start: .epoch, end: team.now)
    #expect(throws: LedgerError.invalid(field: "month")) { try team.book.decide(.hold(.of(.one)), context) }
    context.month = .total
    #expect(throws: LedgerError.invalid(field: "month")) { try team.book.decide(.hold(.of(.one)), context) }
  }
}
