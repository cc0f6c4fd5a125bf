import Ledger
import Testing

struct TimestampTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000000Z"), (1, "1970-01-01T00:00:00.000001Z"),
    (-1, "1969-12-31T23:59:59.999999Z"), (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
    (1_795_435_190_123_456, "2026-11-23T11:59:50.123456Z"), (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),
    (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
  ])
  func canonicalTextHasSixFractionalDigits(microseconds: Int64, text: String) {
    let timestamp = Timestamp(microseconds: microseconds)
    #expect(timestamp.rfc3339 == text)
    #expect(Timestamp(canonical: text) == timestamp)
    #expect(Timestamp(rfc3339: text) == timestamp)
  }

  @Test func aMomentIsWrittenTheSameAfterAnyOther() {
    var random = SeededGenerator(seed: testSeed)
    var day = Timestamp.WrittenDay()
    var moment = TestTeam.start
    for _ in 0..<2_000 {
      // The same day, the next one, and any.
      let steps: [Int64] = [1_000_000, 86_400_000_000, 4_000_000_000_000_000]
      let step = steps.randomElement(using: &random) ?? 1
      moment = Timestamp(microseconds: moment.microseconds + Int64.random(in: -step...step, using: &random))
      if !moment.isWithinLimits { moment = TestTeam.start }
      let text = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Timestamp.canonicalByteCount) { buffer in
        if let first = buffer.baseAddress { moment.write(to: first, after: &day) }
        return String(decoding: buffer, as: UTF8.self)
      }
      #expect(text == moment.rfc3339, "seed \(testSeed)")
    }
  }

  @Test func millisecondsAreRoundedDown() {
    #expect(TestTeam.start.millisecondText == "2026-11-23T11:59:50.123Z")
    #expect(Timestamp(microseconds: 999_999).millisecondText == "1970-01-01T00:00:00.999Z")
  }

  @Test(arguments: [
    ("2026-11-23T12:59:50.123456+01:00", "2026-11-23T11:59:50.123456Z"),
    ("2026-11-23t11:59:50z", "2026-11-23T11:59:50.000000Z"),
    ("2026-11-23 11:59:50.1Z", "2026-11-23T11:59:50.100000Z"),
    ("2026-11-23T11:59:50.1234569Z", "2026-11-23T11:59:50.123456Z"),
    ("2026-11-23T17:44:50+05:45", "2026-11-23T11:59:50.000000Z"),
    ("2026-11-23T00:00:00-08:00", "2026-11-23T08:00:00.000000Z"),
  ])
  func offsetsAndFractionsOfAnyLengthAreRead(text: String, canonical: String) {
    #expect(Timestamp(rfc3339: text)?.rfc3339 == canonical)
    #expect(Timestamp(canonical: text) == nil)
  }

  @Test(arguments: [
    "", "2026-11-23", "2026-11-23T11:59:50", "2026-02-29T00:00:00Z", "2026-11-31T00:00:00Z", "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z", "2026-11-00T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T11:60:00Z",
    "2026-11-23T11:59:60Z", "2026-11-23T11:59:50.Z", "2026-11-23T11:59:50Z ", "2026-11-23T11:59:50+0100",
    "2026-11-23T11:59:50+24:00", "26-11-23T11:59:50Z", "2026-11-23T11:59:50\u{301}Z", "+026-11-23T11:59:50Z",
    "2026-11-23T11:59:5\u{0665}Z",
  ])
  func whatIsNoMomentIsRefused(text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
    #expect(Timestamp(canonical: text) == nil)
  }

  @Test func everyDayOfFourCenturiesReadsBack() {
    var day = CivilDate(year: 1899, month: 12, day: 31)
    var previous = day.daysSinceEpoch
    for _ in 0..<146_097 {
      let days = previous + 1
      let next = CivilDate(daysSinceEpoch: days)
      guard next.isValid, next.daysSinceEpoch == days,
        next == (next.day == 1 ? day.firstOfNextMonth : CivilDate(year: day.year, month: day.month, day: day.day + 1))
      else {
        Issue.record("day \(days) is not the day after \(day)")
        return
      }
      day = next
      previous = days
    }
    #expect(day == CivilDate(year: 2299, month: 12, day: 31))
  }

  @Test func monthsHoldTheirMomentsAndTouch() {
    var moment = TestTeam.start
    for _ in 0..<40 {
      let month = PeriodBounds.utcMonth(containing: moment)
      #expect(month.contains(moment))
      #expect(month.contains(month.start))
      guard let end = month.end else { return }
      #expect(!month.contains(end))
      #expect(PeriodBounds.utcMonth(containing: end).start == end)
      moment = end.adding(seconds: 86_400)
    }
  }
}
