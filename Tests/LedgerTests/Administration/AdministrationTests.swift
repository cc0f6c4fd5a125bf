import Ledger
import Testing

struct AdministrationTests {
  @Test func nothingIsDecidedBeforeTheTeamIsThere() throws {
    var team = TestTeam.uncreated
    #expect(throws: LedgerError.unknownTeam(TestTeam.teamID)) {
      try team.run(.addMember(AddMemberCommand(member: .ada)))
    }
    try team.run(.createTeam(CreateTeamCommand()))
    #expect(team.book.logSize == 1)
  }

  @Test func creationsThatAreRunAgainReportWhatIsThere() throws {
    var team = try TestTeam()
    let before = team.book
    #expect(try team.run(.createTeam(CreateTeamCommand())) == .teamCreated(before.team))
    #expect(try team.run(.addMember(AddMemberCommand(member: .ada))) == .memberAdded(before.members[.ada]!))
    let issue = IssueKeyCommand(key: .first, member: .ada)
    #expect(try team.run(.issueKey(issue)) == .keyIssued(before.keys[.first]!))
    #expect(team.book == before)
  }

  @Test func creationsUnderAUsedIdAreRefused() throws {
    var team = try TestTeam()
    #expect(throws: LedgerError.alreadyExists(id: TestTeam.teamID.bits)) {
      try team.run(.createTeam(CreateTeamCommand(limit: Credits(1))))
    }
    #expect(throws: LedgerError.alreadyExists(id: MemberID.ada.bits)) {
      try team.run(.addMember(AddMemberCommand(member: .ada, role: .admin)))
    }
    #expect(throws: LedgerError.alreadyExists(id: KeyID.first.bits)) {
      try team.run(.issueKey(IssueKeyCommand(key: .first, member: .ada, limit: Credits(1))))
    }
  }

  @Test func aChangeThatChangesNothingAppendsNoLine() throws {
    var team = try TestTeam(teamLimit: 5, memberLimit: 5)
    let before = team.book
    let five = Change<Credits?>.set(Credits(5))
    let same = ChangeTeamCommand(
      status: .set(.active), limit: five, period: .set(.month), timeZone: .set("UTC"))
    #expect(try team.run(.changeTeam(same)) == .unchanged)
    #expect(try team.run(.changeTeam(ChangeTeamCommand())) == .unchanged)
    let sameMember = ChangeMemberCommand(member: .ada, role: .set(.member), status: .set(.active), limit: five)
    #expect(try team.run(.changeMember(sameMember)) == .unchanged)
    #expect(team.book == before)
  }

  @Test func oneCommandMayAppendSeveralLines() throws {
    var team = try TestTeam()
    let change = ChangeMemberCommand(
      member: .ada, role: .set(.admin), status: .set(.suspended), limit: .set(Credits(5)), period: .set(.total))
    let decision = try team.book.decide(.changeMember(change), team.context())
    #expect(decision.events.map(\.action) == [.memberChanged, .memberSuspended, .limitChanged])
    let outcome = try team.run(.changeMember(change))
    let expected = MemberState(
      id: .ada, role: .admin, status: .suspended, limit: Credits(5), period: .total)
    #expect(outcome == .memberChanged(expected))
    #expect(team.book.members[.ada] == expected)
    try team.run(.changeMember(ChangeMemberCommand(member: .ada, status: .set(.active))))
    #expect(team.book.members[.ada]?.status == .active)
  }

  @Test func everySettingOfATeamChanges() throws {
    var team = try TestTeam()
    try team.run(
      .changeTeam(
        ChangeTeamCommand(
          status: .set(.suspended), limit: .set(Credits(9)), period: .set(.total), timeZone: .set("Asia/Kathmandu"),
          inDoubtChargeAfterSeconds: .set(nil))))
    let expected = TeamState(
      id: TestTeam.teamID, status: .suspended, limit: Credits(9), period: .total, timeZone: "Asia/Kathmandu",
      inDoubtChargeAfterSeconds: nil)
    #expect(team.book.team == expected)
    #expect(team.book.logSize == 5)
  }

  @Test func settingsOutOfBoundsAreRefused() throws {
    var team = try TestTeam()
    #expect(throws: LedgerError.invalid(field: "timeZone")) {
      try team.run(.changeTeam(ChangeTeamCommand(timeZone: .set("Etc/\"UTC\""))))
    }
    #expect(throws: LedgerError.invalid(field: "inDoubtChargeAfterSeconds")) {
      try team.run(.changeTeam(ChangeTeamCommand(inDoubtChargeAfterSeconds: .set(-1))))
    }
    #expect(throws: LedgerError.unknownMember(.bob)) {
      try team.run(.changeMember(ChangeMemberCommand(member: .bob)))
    }
  }
}
