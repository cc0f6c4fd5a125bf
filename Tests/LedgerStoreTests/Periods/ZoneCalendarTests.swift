import Foundation
import Ledger
import LedgerStore
import Testing

@Suite struct ZoneCalendarTests {
  private let calendar = ZoneCalendar()

  @Test(arguments: [
    // Daylight saving time begins on 2026-03-29 and ends on 2026-10-25.
    ("Europe/Berlin", "2026-03-15T00:00:00Z", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"),
    ("Europe/Berlin", "2026-10-31T22:59:59.999999Z", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z"),
    ("Europe/Berlin", "2026-10-31T23:00:00Z", "2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z"),
    // A month that begins on the very day on which clocks go back, and one on which they go forward.
    ("America/New_York", "2026-11-15T12:00:00Z", "2026-11-01T04:00:00Z", "2026-12-01T05:00:00Z"),
    ("America/Asuncion", "2017-10-15T00:00:00Z", "2017-10-01T04:00:00Z", "2017-11-01T03:00:00Z"),
    // Quarters of an hour, the furthest zones to both sides, a day that never was (2011-12-30 in Apia).
    ("Asia/Kathmandu", "2026-11-23T11:59:50Z", "2026-10-31T18:15:00Z", "2026-11-30T18:15:00Z"),
    ("Pacific/Kiritimati", "2026-11-30T09:59:59Z", "2026-10-31T10:00:00Z", "2026-11-30T10:00:00Z"),
    ("Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-01T10:00:00Z", "2011-12-31T10:00:00Z"),
    ("Pacific/Apia", "2012-01-01T00:00:00Z", "2011-12-31T10:00:00Z", "2012-01-31T10:00:00Z"),
    // February of a leap year, and the turn of a year.
    ("UTC", "2028-02-29T23:59:59.999999Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"),
    ("UTC", "2026-12-31T23:59:59.999999Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
    ("Asia/Kolkata", "1970-01-01T00:00:00Z", "1969-12-31T18:30:00Z", "1970-01-31T18:30:00Z"),
  ])
  func monthBeginsAtItsFirstMidnightInTheZone(zone: String, moment: String, start: String, end: String) throws {
    let bounds = calendar.monthBounds(at: try time(moment), timeZone: zone)
    #expect(bounds == PeriodBounds(start: try time(start), end: try time(end)))
    // What is kept answers the same.
    #expect(calendar.monthBounds(at: try time(moment), timeZone: zone) == bounds)
  }

  /// Clocks in Goose Bay went back from 00:01 on the first of November to 23:01 on the day before.
  @Test func hourThatWallCalendarsRepeatBelongsToTheNewMonth() throws {
    let november = PeriodBounds(start: try time("2009-11-01T03:00:00Z"), end: try time("2009-12-01T04:00:00Z"))
    for moment in ["2009-11-01T03:00:00Z", "2009-11-01T03:30:00Z", "2009-11-01T04:30:00Z"] {
      #expect(ZoneCalendar().monthBounds(at: try time(moment), timeZone: "America/Goose_Bay") == november)
    }
  }

  /// Every moment lies in exactly one month, whatever rules a zone had.
  @Test func monthsOfAZoneFollowEachOtherWithoutGapOrOverlap() throws {
    for zone in ["America/Goose_Bay", "America/St_Johns", "Africa/Cairo", "Pacific/Apia", "Asia/Kathmandu", "UTC"] {
      var moment = try time("1999-01-01T00:00:00Z")
      var previous: PeriodBounds?
      while moment < (try time("2031-01-01T00:00:00Z")) {
        let bounds = try #require(calendar.monthBounds(at: moment, timeZone: zone))
        #expect(bounds.contains(moment))
        if let previous { #expect(bounds.start == previous.end, "\(zone) at \(moment)") }
        let end = try #require(bounds.end)
        let last = Timestamp(microseconds: end.microseconds - 1)
        #expect(ZoneCalendar().monthBounds(at: last, timeZone: zone) == bounds, "\(zone) before \(end)")
        previous = bounds
        moment = end
      }
    }
  }

  @Test(arguments: ["UTC", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu", "America/Argentina/Buenos_Aires"])
  func namesOfTheDatabaseAreKnown(zone: String) {
    #expect(calendar.isKnown(zone))
  }

  @Test(arguments: [
    "", "GMT+1", "EST", "UTC+2", "utc", "europe/berlin", "Europe/Berlin ", " UTC", "Mars/Olympus_Mons", "SystemV/EST5",
    "Asia/\u{212A}olkata", "Europe/Berlin\0", "../etc/passwd", "+05:45", "Etc/Unknown",
  ])
  func whatIsNoNameOfTheDatabaseIsUnknown(zone: String) {
    // Known names first, so that what is kept is not taken for something canonically equal.
    for zone in ["Asia/Kolkata", "Europe/Berlin"] { _ = calendar.monthBounds(at: .epoch, timeZone: zone) }
    #expect(!calendar.isKnown(zone))
    #expect(calendar.monthBounds(at: .epoch, timeZone: zone) == nil)
  }

  private func time(_ text: String) throws -> Timestamp {
    try #require(Timestamp(rfc3339: text))
  }
}
