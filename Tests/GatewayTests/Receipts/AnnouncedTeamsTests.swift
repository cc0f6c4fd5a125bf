import Gateway
import Ledger
import Testing

@Suite struct AnnouncedTeamsTests {
  private let team = TeamID(bits: 1)

  @Test func aTeamThatIsAnnouncedIsNeverDueAgain() {
    var teams = AnnouncedTeams()
    #expect(teams.isDue(team, at: .zero))
    teams.learn([team])
    #expect(!teams.isDue(team, at: .seconds(1_000_000)))
    #expect(teams.isAnnounced(team))
    #expect(teams.isDue(TeamID(bits: 2), at: .zero))
  }

  @Test func aFailureIsTriedAgainAfterAPause() {
    var teams = AnnouncedTeams()
    teams.fail(team, at: .seconds(10))
    #expect(!teams.isDue(team, at: .seconds(10)))
    #expect(teams.isDue(team, at: .seconds(10) + AnnouncedTeams.pause))
    teams.learn([team])
    #expect(!teams.isDue(team, at: .seconds(100)))
  }

  @Test func memoryIsBounded() {
    var teams = AnnouncedTeams()
    for bits in 0...AnnouncedTeams.maximumCount { teams.learn([TeamID(bits: UInt128(bits))]) }
    #expect(teams.isAnnounced(TeamID(bits: UInt128(AnnouncedTeams.maximumCount))))
    #expect(!teams.isAnnounced(TeamID(bits: 0)))
  }
}
