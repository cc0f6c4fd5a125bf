import Ledger
import Testing

struct PeriodTests {
  @Test func aNewMonthOpensANewRow() throws {
    var team = try TestTeam(memberLimit: 33_000)
    try team.hold(.one)
    try team.settle(.one)
    #expect(try team.hold(.two).refusal != nil)
    team.go(to: "2026-12-01T00:00:00Z")
    #expect(try team.hold(.three).isHeld)
    #expect(team.book.budgets.rows(of: .member(.ada)).count == 2)
    #expect(team.memberBudget.id.start == team.now)
    #expect(team.memberBudget.used == .zero)
  }

  @Test func aHoldOfOneMonthSettlesThereInTheNext() throws {
    var team = try TestTeam(memberLimit: 33_000)
    let rows = try #require(try team.hold(.one).record?.budgets)
    team.go(to: "2026-12-01T00:00:01Z")
    try team.hold(.two)
    try team.settle(.one)
    for id in rows { #expect(team.book.budgets[id]?.used == Credits(33_000)) }
    #expect(team.memberBudget.used == .zero)
    #expect(team.memberBudget.held == Credits(33_000))
    #expect(team.book.checkInvariants() == [])
  }

  @Test func theLastMomentOfAMonthBelongsToIt() throws {
    var team = try TestTeam(memberLimit: 33_000)
    try team.hold(.one)
    team.go(to: "2026-11-30T23:59:59.999999Z")
    #expect(try team.hold(.two).refusal != nil)
    team.now = Timestamp(microseconds: team.now.microseconds + 1)
    #expect(try team.hold(.three).isHeld)
  }

  @Test func aTotalNeverResets() throws {
    var team = try TestTeam(memberLimit: 33_000, memberPeriod: .total)
    try team.hold(.one)
    #expect(team.memberBudget.id.start == .epoch)
    #expect(team.memberBudget.end == nil)
    team.go(to: "2031-01-01T00:00:00Z")
    let refusal = try #require(try team.hold(.two).refusal)
    #expect(refusal.resetsAt == nil)
    #expect(refusal.period == .total)
  }

  @Test func aChangeOfZoneTakesEffectWithTheNextPeriod() throws {
    var team = try TestTeam(memberLimit: 33_000)
    try team.hold(.one)
    let end = team.memberBudget.end
    try team.run(.changeTeam(ChangeTeamCommand(timeZone: .set("Asia/Tokyo"))))
    team.zoneOffset = 9 * 3_600
    // December in Tokyo, November in UTC: the row lasts until its own end.
    team.go(to: "2026-11-30T16:00:00Z")
    #expect(try team.hold(.two).refusal?.resetsAt == end)
    team.go(to: "2026-12-01T00:00:00Z")
    #expect(try team.hold(.three).isHeld)
    // The new row begins where the old one ended, not where Tokyo's December did.
    #expect(team.memberBudget.id.start == end)
    #expect(team.memberBudget.end == Timestamp(canonical: "2026-12-31T15:00:00.000000Z"))
    #expect(team.book.checkInvariants() == [])
  }

  @Test func aChangeToTheWestLeavesNoMomentToTwoRows() throws {
    var team = try TestTeam()
    try team.hold(.one)
    team.zoneOffset = -8 * 3_600
    team.go(to: "2026-12-01T07:00:00Z")
    try team.hold(.two)
    #expect(team.memberBudget.id.start == Timestamp(canonical: "2026-12-01T00:00:00.000000Z"))
    #expect(team.memberBudget.end == Timestamp(canonical: "2026-12-01T08:00:00.000000Z"))
    #expect(team.book.checkInvariants() == [])
  }

  @Test func aTotalThatBecomesMonthlyEndsWithTheMonth() throws {
    var team = try TestTeam(memberLimit: 33_000, memberPeriod: .total)
    try team.hold(.one)
    let change = ChangeMemberCommand(member: .ada, period: .set(.month))
    #expect(try team.run(.changeMember(change)) == .memberChanged(team.book.members[.ada]!))
    #expect(team.memberBudget.end == Timestamp(canonical: "2026-12-01T00:00:00.000000Z"))
    #expect(try team.hold(.two).refusal != nil)
    team.go(to: "2026-12-01T00:00:00Z")
    #expect(try team.hold(.three).isHeld)
    #expect(team.memberBudget.id.period == .month)
    #expect(team.book.budgets.rows(of: .member(.ada)).count == 2)
    #expect(team.book.checkInvariants() == [])
  }

  @Test func aTotalThatBecomesMonthlyAndTotalAgainGoesOn() throws {
    var team = try TestTeam(teamPeriod: .total)
    try team.hold(.one)
    try team.run(.changeTeam(ChangeTeamCommand(period: .set(.month))))
    #expect(team.teamBudget.end != nil)
    try team.run(.changeTeam(ChangeTeamCommand(period: .set(.total))))
    #expect(team.teamBudget.end == nil)
    team.go(to: "2027-05-01T00:00:00Z")
    try team.hold(.two)
    #expect(team.book.budgets.rows(of: .team(TestTeam.teamID)).count == 1)
  }

  @Test func aMonthThatBecomesTotalEndsFirst() throws {
    var team = try TestTeam()
    try team.hold(.one)
    try team.run(.changeMember(ChangeMemberCommand(member: .ada, period: .set(.total))))
    let end = try #require(team.memberBudget.end)
    team.go(to: "2027-02-03T00:00:00Z")
    try team.hold(.two)
    #expect(team.memberBudget.id.period == .total)
    #expect(team.memberBudget.id.start == end)
    #expect(team.memberBudget.end == nil)
    #expect(team.book.checkInvariants() == [])
  }
}
