import Ledger
import Testing

struct KeyTests {
  @Test func aRotatedKeyKeepsTheFirstKeysBudget() throws {
    var team = try TestTeam(keyLimit: 66_000)
    try team.hold(.one)
    try team.run(.rotateKey(RotateKeyCommand(key: .first, newKey: .second, overlapSeconds: 3_600)))
    #expect(try team.hold(.two, key: .second).isHeld)
    try team.run(.rotateKey(RotateKeyCommand(key: .second, newKey: .third, overlapSeconds: 0)))
    let refusal = try #require(try team.hold(.three, key: .third).refusal)
    #expect(refusal.scope == .key)
    #expect(refusal.subject == KeyID.first.bits)
    #expect(team.keyBudget.held == Credits(66_000))
    #expect(team.book.keys[.third]?.budgetSubject == .first)
  }

  @Test func theOldKeyWorksUntilTheOverlapEnds() throws {
    var team = try TestTeam()
    try team.run(.rotateKey(RotateKeyCommand(key: .first, newKey: .second, overlapSeconds: 60)))
    team.now = Timestamp(microseconds: team.now.adding(seconds: 60).microseconds - 1)
    #expect(try team.hold(.one).isHeld)
    team.now = Timestamp(microseconds: team.now.microseconds + 1)
    #expect(throws: LedgerError.notAllowed(.keyExpired)) { try team.hold(.two) }
    #expect(try team.hold(.two, key: .second).isHeld)
  }

  @Test func aRotationNeverLengthensALife() throws {
    var team = try TestTeam()
    let expiry = team.now.adding(seconds: 30)
    try team.run(.issueKey(IssueKeyCommand(key: .second, member: .ada, expiresAt: expiry)))
    try team.run(.rotateKey(RotateKeyCommand(key: .second, newKey: .third, overlapSeconds: 60)))
    #expect(team.book.keys[.second]?.expiresAt == expiry)
    #expect(team.book.keys[.third]?.expiresAt == expiry)
  }

  @Test func aRotationThatIsRunAgainReportsItself() throws {
    var team = try TestTeam()
    let rotate = Command.rotateKey(RotateKeyCommand(key: .first, newKey: .second, overlapSeconds: 60))
    let outcome = try team.run(rotate)
    let before = team.book
    #expect(try team.run(rotate) == outcome)
    #expect(team.book == before)
  }

  @Test func aKeyThatDoesNotWorkIsNotRotated() throws {
    var team = try TestTeam()
    try team.run(.revokeKey(RevokeKeyCommand(key: .first)))
    #expect(throws: LedgerError.notAllowed(.keyRevoked)) {
      try team.run(.rotateKey(RotateKeyCommand(key: .first, newKey: .second, overlapSeconds: 60)))
    }
    #expect(throws: LedgerError.unknownKey(.second)) {
      try team.run(.rotateKey(RotateKeyCommand(key: .second, newKey: .third, overlapSeconds: 60)))
    }
  }

  @Test func aRevocationKeepsItsFirstTime() throws {
    var team = try TestTeam()
    try team.run(.revokeKey(RevokeKeyCommand(key: .first)))
    let time = team.book.keys[.first]?.revokedAt
    #expect(time == team.now)
    team.now = team.now.adding(seconds: 5)
    #expect(try team.run(.revokeKey(RevokeKeyCommand(key: .first))) == .unchanged)
    #expect(team.book.keys[.first]?.revokedAt == time)
  }

  @Test func settingsOutOfBoundsAreRefused() throws {
    var team = try TestTeam()
    func issue(_ change: (inout IssueKeyCommand) -> Void) throws {
      var command = IssueKeyCommand(key: .second, member: .ada)
      change(&command)
      try team.run(.issueKey(command))
    }
    #expect(throws: LedgerError.invalid(field: "scopes")) { try issue { $0.scopes = [] } }
    #expect(throws: LedgerError.invalid(field: "scopes")) { try issue { $0.scopes = KeyScopes(rawValue: 16) } }
    #expect(throws: LedgerError.invalid(field: "ratePerMinute")) { try issue { $0.ratePerMinute = -1 } }
    #expect(throws: LedgerError.invalid(field: "ratePerMinute")) { try issue { $0.ratePerMinute = 1_000_001 } }
    #expect(throws: LedgerError.invalid(field: "expiresAt")) { try issue { $0.expiresAt = TestTeam.start } }
    #expect(throws: LedgerError.unknownMember(.bob)) { try issue { $0.member = .bob } }
    #expect(throws: LedgerError.invalid(field: "overlapSeconds")) {
      try team.run(.rotateKey(RotateKeyCommand(key: .first, newKey: .second, overlapSeconds: -1)))
    }
    #expect(throws: LedgerError.invalid(field: "newKey")) {
      try team.run(.rotateKey(RotateKeyCommand(key: .first, newKey: .first, overlapSeconds: 1)))
    }
  }

  @Test func scopesReadBackFromTheirNames() {
    #expect(KeyScopes(names: ["reports", "edit"]) == [.edit, .reports])
    #expect(KeyScopes(names: ["write"]) == nil)
    #expect(KeyScopes([.reports, .admin, .edit, .audit]).names == ["admin", "audit", "edit", "reports"])
  }
}
