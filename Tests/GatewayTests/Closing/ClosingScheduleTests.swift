import Foundation
import Gateway
import Ledger
import LedgerStore
import Testing

@Suite struct ClosingScheduleTests {
  private func time(_ text: String) throws -> Timestamp {
    try #require(Timestamp(rfc3339: text))
  }

  /// When a gateway that runs from `start` to `end` looks at the teams.
  private func looks(from start: Timestamp, to end: Timestamp) -> [Timestamp] {
    var schedule = ClosingSchedule(startingAt: start)
    var looks: [Timestamp] = []
    var now = start
    while now < end {
      if schedule.isDue(at: now) {
        looks.append(now)
        schedule.looked(at: now, .done)
      }
      now = max(schedule.next, now)
    }
    return looks
  }

  @Test func everyZonesMonthIsClosedWithinTwoMinutesOfItsEnd() throws {
    let zones = ZoneCalendar()
    for year in [2024, 2026, 2027] {
      let start = try time("\(year)-01-15T00:00:00Z")
      let looks = looks(from: start, to: try time("\(year + 1)-01-15T00:00:00Z"))
      for zone in TimeZone.knownTimeZoneIdentifiers where zones.isKnown(zone) {
        var moment = start
        for _ in 0..<12 {
          let end = try #require(zones.monthBounds(at: moment, timeZone: zone)?.end)
          #expect(
            looks.contains { $0 > end && $0 <= end.adding(seconds: 120) }, "\(zone) \(end)")
          moment = end
        }
      }
    }
  }

  @Test func teamsAreNotLookedAtWhereNoMonthCanEnd() throws {
    let looks = try looks(from: time("2026-11-02T00:00:00Z"), to: time("2026-11-30T09:00:00Z"))
    // Four times a day, and at the start.
    #expect(looks.count <= 29 * 4 + 1)
    let month = try self.looks(from: time("2026-11-02T00:00:00Z"), to: time("2026-12-02T00:00:00Z"))
    #expect(month.count - looks.count <= 27 * 4 + 4)
  }

  @Test func whatFailsIsTriedAgainInAMinute() throws {
    let now = try time("2026-11-10T00:00:00Z")
    var schedule = ClosingSchedule(startingAt: now)
    #expect(schedule.isDue(at: now))
    schedule.looked(at: now, .failed)
    #expect(!schedule.isDue(at: now))
    #expect(schedule.next == now.adding(seconds: 60))
    schedule.looked(at: now, .more)
    #expect(schedule.isDue(at: now))
  }

  @Test func clockThatWasSetBackDelaysNothing() throws {
    let now = try time("2026-11-10T00:00:00Z")
    var schedule = ClosingSchedule(startingAt: now)
    schedule.looked(at: now, .done)
    #expect(schedule.isDue(at: try time("2026-10-10T00:00:00Z")))
    #expect(schedule.wait(at: now) == .seconds(60))
  }
}
