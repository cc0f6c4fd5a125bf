import Foundation
import Ledger
import LedgerStore
import Testing

@Suite struct ZoneClockTests {
  /// A stretch of time around something that clocks or calendars did.
  struct Days: Sendable, CustomTestStringConvertible {
    var zone: String
    var from: String
    var days: Int64

    var testDescription: String { "\(zone) from \(from)" }
    var start: Timestamp { Timestamp(rfc3339: "\(from)T00:00:00Z") ?? .epoch }
    var end: Timestamp { start.adding(seconds: days * 86_400) }
  }

  private static let changes = [
    Days(zone: "Europe/Berlin", from: "2026-03-27", days: 5), Days(zone: "Europe/Berlin", from: "2026-10-23", days: 5),
    // Clocks went forward at midnight, and back at midnight to the day before.
    Days(zone: "America/Sao_Paulo", from: "2018-11-02", days: 5),
    Days(zone: "America/Sao_Paulo", from: "2019-02-14", days: 5),
    // From half past five to three quarters, at the turn of a year; and as it is now.
    Days(zone: "Asia/Kathmandu", from: "1985-12-30", days: 4),
    Days(zone: "Asia/Kathmandu", from: "2026-11-20", days: 3),
    // The day that never was, 2011-12-30.
    Days(zone: "Pacific/Apia", from: "2011-12-27", days: 6),
    // Half an hour; one minute past midnight, back to the day before; seconds.
    Days(zone: "Australia/Lord_Howe", from: "2026-04-03", days: 4),
    Days(zone: "America/Goose_Bay", from: "2009-10-30", days: 4),
    Days(zone: "Africa/Monrovia", from: "1972-01-05", days: 4),
    Days(zone: "UTC", from: "2026-11-20", days: 3),
  ]
  private static let years = [
    Days(zone: "Europe/Berlin", from: "2026-01-01", days: 400),
    Days(zone: "America/Sao_Paulo", from: "2018-01-01", days: 500),
    Days(zone: "Asia/Kathmandu", from: "1985-11-01", days: 120),
    Days(zone: "Pacific/Apia", from: "2011-01-01", days: 400),
    Days(zone: "America/Goose_Bay", from: "2008-12-01", days: 400),
    Days(zone: "Pacific/Kiritimati", from: "1994-11-01", days: 90),
  ]

  /// Python's zoneinfo is asked minute by minute what clocks show; a bucket begins where they show something new.
  private static let oracle = """
    import sys
    from datetime import datetime, timedelta, timezone
    from zoneinfo import ZoneInfo
    zone, width, start, end = ZoneInfo(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    def label(local, newest):
        day = max(newest, local.date())
        if width == "1d": return day, day
        if width == "1w": return day, day - timedelta(days=day.weekday())
        if width == "1M": return day, day.replace(day=1)
        minutes = {"1m": 1, "15m": 15, "1h": 60}[width]
        return day, (local.date(), local.hour * 60 // minutes + local.minute // minutes, local.utcoffset())
    newest, last, second = datetime.min.date(), None, start - 2 * 86400
    step = 60 if zone.utcoffset(datetime(1972, 1, 6)).seconds % 60 == 0 or start > 80000000 else 1
    while second < end:
        local = datetime.fromtimestamp(second, zone)
        newest, shown = label(local, newest)
        if shown != last and second > start: print(second)
        last, second = shown, second + step
    """

  private static func zoneinfo(_ days: Days, _ width: BucketWidth) throws -> [Int64] {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c", oracle, days.zone, width.rawValue, "\(days.start.microseconds / 1_000_000)",
      "\(days.end.microseconds / 1_000_000)",
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return String(decoding: output, as: UTF8.self).split(separator: "\n").compactMap { Int64($0) }
  }

  private static func expectSame(_ days: Days, _ width: BucketWidth) throws {
    let clock = try #require(ZoneClock(days.zone))
    let bounds = clock.bounds(width, from: days.start, to: days.end, limit: 100_000)
    #expect(bounds.first == days.start && bounds.last == days.end)
    let ours = bounds.dropFirst().dropLast().map { $0.microseconds / 1_000_000 }
    #expect(try ours == zoneinfo(days, width), "\(width.rawValue)")
  }

  @Test(
    "Minutes, quarters, hours and days begin where Python's zoneinfo has them", arguments: changes,
    [
      BucketWidth.minute, .quarterHour, .hour, .day,
    ])
  func clocksAreThoseOfZoneinfo(days: Days, width: BucketWidth) throws {
    try Self.expectSame(days, width)
  }

  @Test(
    "Days, weeks and months of whole years begin where Python's zoneinfo has them", arguments: years,
    [
      BucketWidth.day, .week, .month,
    ])
  func calendarsAreThoseOfZoneinfo(days: Days, width: BucketWidth) throws {
    try Self.expectSame(days, width)
  }

  /// Answers that need no Python: how many hours the days have that clocks changed on.
  @Test(arguments: [
    ("Europe/Berlin", "2026-03-29", 23), ("Europe/Berlin", "2026-10-25", 25), ("Europe/Berlin", "2026-10-26", 24),
    ("America/Sao_Paulo", "2018-11-04", 23), ("America/Sao_Paulo", "2019-02-16", 25),
    ("Asia/Kathmandu", "2026-11-27", 24),
  ])
  func dayHasItsHours(zone: String, day: String, hours: Int) throws {
    let clock = try #require(ZoneClock(zone))
    let start = clock.start(of: try #require(CivilDate(day)))
    let end = clock.end(.day, at: start)
    let bounds = clock.bounds(.hour, from: start, to: end, limit: 30)
    #expect(bounds.count - 1 == hours)
    #expect(end.microseconds - start.microseconds == Int64(hours) * 3_600_000_000)
  }

  @Test func dayThatNeverWasHasNoBucket() throws {
    let clock = try #require(ZoneClock("Pacific/Apia"))
    let bounds = clock.bounds(
      .day, from: try time("2011-12-29T10:00:00Z"), to: try time("2012-01-01T10:00:00Z"), limit: 10)
    #expect(
      bounds == [
        try time("2011-12-29T10:00:00Z"), try time("2011-12-30T10:00:00Z"), try time("2011-12-31T10:00:00Z"),
        try time("2012-01-01T10:00:00Z"),
      ])
    // The 30th begins where the 31st does.
    #expect(clock.start(of: CivilDate(year: 2011, month: 12, day: 30)) == (try time("2011-12-30T10:00:00Z")))
    #expect(clock.start(of: CivilDate(year: 2011, month: 12, day: 31)) == (try time("2011-12-30T10:00:00Z")))
  }

  /// Only the offset tells two moments apart that clocks show alike.
  @Test(arguments: [
    ("Europe/Berlin", "2026-10-25T00:30:00Z", true, "+02:00"),
    ("Europe/Berlin", "2026-10-25T01:30:00Z", true, "+01:00"),
    ("Europe/Berlin", "2026-10-24T23:30:00Z", false, "+02:00"),
    ("Europe/Berlin", "2026-10-25T02:00:00Z", false, "+01:00"),
    ("Europe/Berlin", "2026-03-29T01:30:00Z", false, "+02:00"),
    ("Asia/Kathmandu", "2026-11-27T00:00:00Z", false, "+05:45"),
    // Back at midnight to the day before.
    ("America/Sao_Paulo", "2019-02-17T01:30:00Z", true, "-02:00"),
    ("America/Sao_Paulo", "2019-02-17T02:30:00Z", true, "-03:00"), ("UTC", "2026-10-25T00:30:00Z", false, "+00:00"),
  ])
  func timeThatIsShownTwiceIsKnown(zone: String, at text: String, isTwice: Bool, offset: String) throws {
    let clock = try #require(ZoneClock(zone))
    let moment = try time(text)
    #expect(clock.isShownTwice(moment) == isTwice)
    #expect(clock.offsetText(at: moment) == offset)
  }

  @Test func firstAndLastBucketAreWhatIsLeftOfThem() throws {
    let clock = try #require(ZoneClock("Asia/Kathmandu"))
    let start = try time("2026-11-23T12:00:00.5Z")
    let end = try time("2026-11-23T14:00:00Z")
    let hours = [start, try time("2026-11-23T12:15:00Z"), try time("2026-11-23T13:15:00Z"), end]
    #expect(clock.bounds(.hour, from: start, to: end, limit: 9) == hours)
    #expect(clock.bounds(.hour, from: start, to: end, limit: 2) == Array(hours.prefix(3)))
    #expect(clock.bounds(.hour, from: end, to: end, limit: 2) == [end])
    #expect(clock.text(start) == "2026-11-23 17:45")
  }

  /// A week begins on Monday, also where a year ends within it.
  @Test func weekBeginsOnMonday() throws {
    let clock = try #require(ZoneClock("UTC"))
    let start = try time("2026-12-28T00:00:00Z")
    #expect(clock.end(.week, at: start) == (try time("2027-01-04T00:00:00Z")))
    #expect(clock.end(.week, at: try time("2027-01-03T23:59:59Z")) == (try time("2027-01-04T00:00:00Z")))
    #expect(clock.end(.week, at: .epoch) == (try time("1970-01-05T00:00:00Z")))
  }

  private func time(_ text: String) throws -> Timestamp {
    try #require(Timestamp(rfc3339: text))
  }
}
