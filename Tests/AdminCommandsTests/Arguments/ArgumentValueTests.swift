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

  @Test("Thresholds may have blanks between them, and what is wrong with others is said")
  func thresholdsAreRead() throws {
    #expect(try ThresholdsArgument(parsing: "5, 10,1000").percents == [5, 10, 1_000])
    #expect(try ThresholdsArgument(parsing: " 100 ,50").percents == [50, 100])
    let many = (1...21).map(String.init).joined(separator: ",")
    for text in ["7.5", "0", "1001", "5,5", "", "5,,6", "+5", "5 6", many] {
      #expect(throws: (any Error).self, "\(text)") { try ThresholdsArgument(parsing: text) }
    }
  }

  @Test(
    "A list or a duration that is refused says what is taken instead",
    arguments: [
      (
        ["alert", "set", "acme", "--scope", "team", "--url", "https://x.example.com/", "--at", "7.5"],
        "whole percents from 1 to 1000"
      ),
      (["alert", "set", "acme", "--scope", "team", "--url", "https://x.example.com/", "--at", "5,5"], "each once"),
      (["report", "usage", "acme", "--by", "user,user"], "each name once"),
      (["report", "top", "acme", "--by", "user, colour"], "user,model,quality,size,key,status"),
      (["report", "forecast", "acme", "--window", "99999d"], "at most 3650d"),
      (["report", "forecast", "acme", "--window", "59s"], "60s"),
    ] as [([String], String)])
  func refusalsSayTheRule(arguments: [String], words: String) async {
    let run = await CommandRun.run(arguments)
    #expect(run.status == 64 && run.errors.contains(words), "\(run.errors)")
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
