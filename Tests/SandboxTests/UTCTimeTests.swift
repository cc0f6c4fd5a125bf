import Sandbox
import Testing

@Suite struct UTCTimeTests {
  @Test(arguments: [
    (Int64(0), "1970-01-01T00:00:00.000Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"),
    (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_709_251_199_001, "2024-02-29T23:59:59.001Z"),
    (1_735_689_600_000, "2025-01-01T00:00:00.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
  ])
  func momentIsWrittenAsTheCalendarHasIt(milliseconds: Int64, text: String) {
    #expect(UTCTime(milliseconds: milliseconds).text == text)
  }

  @Test func keysAndAddressesHaveTheirOwnNotation() {
    let time = UTCTime(milliseconds: 1_736_956_830_001)
    #expect(time.keyText == "2025_01_15_16_00_30_001")
    #expect(time.addressText == "20250115T160030Z")
  }
}
