import Ledger
import LedgerStore
import Testing

/// Which days and months are summed up next.
@Suite struct SpanningTeamTests {
  private static let zones = ZoneCalendar()

  private static func moment(_ text: String) throws -> Timestamp {
    try #require(Timestamp(rfc3339: "\(text).000000Z"))
  }

  private static func span(_ start: String, _ end: String) throws -> UsageSpan {
    UsageSpan(start: try moment(start), end: try moment(end))
  }

  private static func team(_ zone: String, last: String) throws -> SpanningTeam {
    SpanningTeam(team: TeamID(bits: 1), timeZone: zone, lastAt: try moment(last))
  }

  @Test func daysAreTheZonesAlsoWhenClocksChange() throws {
    var team = try Self.team("Europe/Berlin", last: "2026-10-26T22:59:59")
    team.bucketBehindDays = try Self.moment("2026-10-24T09:15:00")
    #expect(
      team.days() == [
        try Self.span("2026-10-23T22:00:00", "2026-10-24T22:00:00"),
        try Self.span("2026-10-24T22:00:00", "2026-10-25T23:00:00"),
      ])
    team.lastAt = try Self.moment("2026-10-26T23:00:00")
    #expect(team.days().count == 3)
    #expect(team.days(limit: 1).count == 1)
  }

  @Test func dayThatAZoneLeftOutIsNone() throws {
    var team = try Self.team("Pacific/Apia", last: "2012-01-02T00:00:00")
    team.bucketBehindDays = try Self.moment("2011-12-29T12:00:00")
    #expect(
      team.days(limit: 3) == [
        try Self.span("2011-12-29T10:00:00", "2011-12-30T10:00:00"),
        try Self.span("2011-12-30T10:00:00", "2011-12-31T10:00:00"),
        try Self.span("2011-12-31T10:00:00", "2012-01-01T10:00:00"),
      ])
  }

  @Test func daysDoNotOverlapWhereTheZoneWasChanged() throws {
    var team = try Self.team("Asia/Kathmandu", last: "2026-03-03T00:00:00")
    team.dayEnd = try Self.moment("2026-03-01T00:00:00")
    team.bucketBehindDays = try Self.moment("2026-03-01T01:00:00")
    #expect(
      team.days(limit: 2) == [
        try Self.span("2026-03-01T00:00:00", "2026-03-01T18:15:00"),
        try Self.span("2026-03-01T18:15:00", "2026-03-02T18:15:00"),
      ])
  }

  @Test func monthComesBehindItsDays() throws {
    var team = try Self.team("Europe/Berlin", last: "2026-04-05T00:00:00")
    team.bucketBehindMonths = try Self.moment("2026-03-10T12:00:00")
    team.bucketBehindDays = try Self.moment("2026-03-30T12:00:00")
    #expect(team.month(zones: Self.zones) == nil)
    team.bucketBehindDays = nil
    #expect(team.month(zones: Self.zones) == (try Self.span("2026-02-28T23:00:00", "2026-03-31T22:00:00")))
    team.lastAt = try Self.moment("2026-03-31T21:59:59")
    #expect(team.month(zones: Self.zones) == nil)
  }

  @Test func teamWithoutUsageHasNothingToSumUp() throws {
    let team = try Self.team("UTC", last: "2026-04-05T00:00:00")
    #expect(team.days().isEmpty)
    #expect(team.month(zones: Self.zones) == nil)
  }
}
