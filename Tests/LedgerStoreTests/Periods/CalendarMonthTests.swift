import Ledger
import LedgerStore
import Testing

struct CalendarMonthTests {
  @Test(arguments: ["2026-11", "1970-01", "9998-12", "2000-02"])
  func aMonthIsReadAsItIsWritten(text: String) throws {
    #expect(try #require(CalendarMonth(text)).text == text)
  }

  @Test(arguments: [
    "", "2026-00", "2026-13", "2026-1", "26-11", "2026/11", "2026-11 ", "+026-11", "1969-12", "9999-01",
    "2026-1\u{661}",
    "2026-11-01",
  ])
  func anythingElseIsNoMonth(text: String) {
    #expect(CalendarMonth(text) == nil)
  }

  @Test(arguments: ["UTC", "Pacific/Kiritimati", "Pacific/Niue", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia"])
  func itsMiddleLiesInItInEveryZone(zone: String) throws {
    let calendar = ZoneCalendar()
    for text in ["2026-01", "2026-02", "2024-02", "2026-10", "2026-12", "2011-12"] {
      let month = try #require(CalendarMonth(text))
      let bounds = try #require(calendar.monthBounds(at: month.middle, timeZone: zone))
      #expect(CalendarMonth(bounds) == month)
      #expect(bounds.contains(month.middle))
    }
  }
}
