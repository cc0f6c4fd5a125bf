import AdminCommands
import Ledger
import Testing

@Suite("Values on the command line")
struct ArgumentValueTests {
  @Test(
    "Durations",
    arguments: [("90", 90), ("15s", 15), ("5m", 300), ("24h", 86_400), ("30d", 2_592_000), ("2w", 1_209_600), ("0", 0)])
  func durationsAreRead(text: String, seconds: Int64) {
    #expect(DurationArgument(argument: text)?.seconds == seconds)
  }

  @Test(
    "What is no duration", arguments: ["", "s", "-1", "+1", "1.5h", "1 h", "1H", "9223372036854775807w", "4000d", "٣"])
  func wrongDurationsAreRefused(text: String) {
    #expect(DurationArgument(argument: text) == nil)
  }

  @Test("Limits")
  func limitsAreRead() {
    #expect(LimitArgument(argument: "none")?.credits == nil)
    #expect(LimitArgument(argument: "none") != nil)
    #expect(LimitArgument(argument: "33000")?.credits == Credits(33_000))
    #expect(LimitArgument(argument: "9007199254740991") != nil)
    for text in ["", "-1", "9007199254740992", "1e6", "1_000", "None", "0x10", "1.0"] {
      #expect(LimitArgument(argument: text) == nil, "\(text)")
    }
  }

  @Test("Rates")
  func ratesAreRead() {
    #expect(RateArgument(argument: "none")?.perMinute == 0)
    #expect(RateArgument(argument: "60")?.perMinute == 60)
    #expect(RateArgument(argument: "0") == nil)
    #expect(RateArgument(argument: "1000001") == nil)
  }

  @Test("Scopes")
  func scopesAreRead() {
    #expect(ScopesArgument(argument: "edit,reports")?.scopes == [.edit, .reports])
    #expect(ScopesArgument(argument: "edit,") == nil)
    #expect(ScopesArgument(argument: "root") == nil)
  }

  @Test(
    "A date is the first moment of that day in the team's zone",
    arguments: [
      ("2026-11-23", "UTC", "2026-11-23T00:00:00.000000Z"),
      ("2026-11-23", "Europe/Berlin", "2026-11-22T23:00:00.000000Z"),
      ("2026-07-01", "Europe/Berlin", "2026-06-30T22:00:00.000000Z"),
      ("2026-11-23", "Asia/Kathmandu", "2026-11-22T18:15:00.000000Z"),
      // Clocks go forward at midnight: the day begins at 01:00.
      ("2026-09-06", "America/Santiago", "2026-09-06T04:00:00.000000Z"),
      ("2026-11-23T10:00:00+05:45", "UTC", "2026-11-23T04:15:00.000000Z"),
    ])
  func datesAreInTheTeamsZone(text: String, zone: String, expected: String) throws {
    let moment = try #require(MomentArgument(argument: text))
    #expect(try moment.resolved(timeZone: zone, now: .epoch).rfc3339 == expected)
  }

  @Test("A duration counts from now")
  func durationsCountFromNow() throws {
    let now = try #require(Timestamp(rfc3339: "2026-11-23T10:00:00Z"))
    let moment = try #require(MomentArgument(argument: "30d"))
    #expect(try moment.resolved(timeZone: "UTC", now: now).rfc3339 == "2026-12-23T10:00:00.000000Z")
  }

  @Test("What is no time", arguments: ["", "2026-02-30", "2026-1-1", "20261123", "tomorrow", "2026-11-23T25:00:00Z"])
  func wrongTimesAreRefused(text: String) {
    #expect(MomentArgument(argument: text) == nil)
  }
}
