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

  @Test func aLogInAnothersPlaceIsDueOnce() {
    var teams = AnnouncedTeams()
    let (first, second) = ("tally.local/\(team)", "tally.local/\(team)/2026-11-27T10:15:00.123456Z")
    teams.learn([team])
    #expect(!teams.isDue(team, writing: first, at: .zero))
    #expect(teams.isDue(team, writing: second, at: .zero))
    teams.fail(team, at: .zero)
    #expect(!teams.isDue(team, writing: second, at: .zero))
    teams.learn([team])
    teams.learn(second)
    #expect(!teams.isDue(team, writing: second, at: .zero))
    // Results of edits of the old log are still asked for.
    #expect(!teams.isDue(team, writing: first, at: .zero))
  }

  @Test func memoryIsBounded() {
    var teams = AnnouncedTeams()
    for bits in 0...AnnouncedTeams.maximumCount { teams.learn([TeamID(bits: UInt128(bits))]) }
    #expect(teams.isAnnounced(TeamID(bits: UInt128(AnnouncedTeams.maximumCount))))
    #expect(!teams.isAnnounced(TeamID(bits: 0)))
  }
}
