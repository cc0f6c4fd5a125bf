import AdminCommands
import Ledger
import LedgerStore
import Testing

@Suite("Forecasts")
struct BudgetForecastTests {
  private static let now = Timestamp(rfc3339: "2026-11-20T00:00:00Z") ?? .epoch
  private static let reset = Timestamp(rfc3339: "2026-12-01T00:00:00Z") ?? .epoch
  private static let window = BudgetForecast.Window(from: now.adding(seconds: -7 * 86_400), to: now)

  private static func forecast(
    limit: Int64?, used: Int64, held: Int64 = 0, inWindow: Int64, resetsAt: Timestamp? = reset
  ) -> BudgetForecast {
    let budget = BudgetView(
      scope: .team, subject: "acme", period: resetsAt == nil ? .total : .month, limit: limit.map { Credits($0) },
      used: Credits(used), held: Credits(held), available: limit.map { Credits(max(0, $0 - used - held)) },
      resetsAt: resetsAt)
    return BudgetForecast(budget: budget, usedInWindow: inWindow, window: window)
  }

  @Test("A budget runs out when what is left is used up at the window's pace")
  func runsOutAtThePace() {
    // 700 in seven days are 100 a day; 500 are left.
    let forecast = Self.forecast(limit: 1_000, used: 400, held: 100, inWindow: 700)
    #expect(forecast.outlook == .runsOut(Self.now.adding(seconds: 5 * 86_400)))
    #expect(forecast.perDay == 100 && forecast.usedAtReset == 400 + 100 + 1_100)
  }

  @Test("One that starts again before then lasts, and one that never starts again does not")
  func resetSavesIt() {
    #expect(Self.forecast(limit: 2_000, used: 900, inWindow: 700).outlook == .lasts)
    #expect(Self.forecast(limit: 2_000, used: 901, inWindow: 700).outlook != .lasts)
    let total = Self.forecast(limit: 2_000, used: 900, inWindow: 700, resetsAt: nil)
    #expect(total.outlook == .runsOut(Self.now.adding(seconds: 11 * 86_400)) && total.usedAtReset == nil)
  }

  @Test("What has no limit, nothing left, or no use is said to be so")
  func edges() {
    #expect(Self.forecast(limit: nil, used: 5, inWindow: 5).outlook == .unlimited)
    #expect(Self.forecast(limit: 10, used: 10, inWindow: 0).outlook == .exhausted)
    #expect(Self.forecast(limit: 10, used: 5, inWindow: 0).outlook == .unused)
    // More was given back than charged.
    #expect(Self.forecast(limit: 10, used: 5, inWindow: -3).outlook == .unused)
    #expect(Self.forecast(limit: 10, used: 5, inWindow: -3).perDay == 0)
  }

  @Test("A pace is taken from the time in which there was somebody to use the budget, an hour at least")
  func youngBudgetsHaveShortWindows() {
    let window = Self.window
    let yesterday = Self.now.adding(seconds: -86_400)
    #expect(window.since(yesterday) == .init(from: yesterday, to: Self.now))
    #expect(window.since(Self.now.adding(seconds: -30 * 86_400)) == window)
    let hour = BudgetForecast.Window(from: Self.now.adding(seconds: -3_600), to: Self.now)
    #expect(window.since(Self.now.adding(seconds: -4)) == hour)
    // Who asks for less than an hour gets it.
    let minute = BudgetForecast.Window(from: Self.now.adding(seconds: -60), to: Self.now)
    #expect(minute.since(Self.now.adding(seconds: -4)) == minute)
    // 90,000 of 100,000 within the first seconds of a key: the rest lasts for 400 seconds more, not for days.
    let budget = BudgetView(
      scope: .key, subject: "key", period: .total, limit: Credits(100_000), used: Credits(90_000), held: .zero,
      available: Credits(10_000), resetsAt: nil)
    let forecast = BudgetForecast(
      budget: budget, usedInWindow: 90_000, window: window.since(Self.now.adding(seconds: -4)))
    #expect(forecast.outlook == .runsOut(Self.now.adding(seconds: 400)))
  }

  @Test("The largest amounts overflow nothing, and the moment is rounded up")
  func largeAmounts() {
    let most = Credits.maximum.value
    #expect(Self.forecast(limit: most, used: 0, inWindow: 1, resetsAt: nil).outlook == .beyondTime)
    #expect(Self.forecast(limit: most, used: 1, inWindow: most).perDay == most / 7)
    let seven = Self.forecast(limit: 1, used: 0, inWindow: 3, resetsAt: nil)
    #expect(seven.outlook == .runsOut(Timestamp(microseconds: Self.now.microseconds + 201_600_000_000)))
  }
}

@Suite("Bars")
struct BarChartTests {
  @Test("Bars are to scale, the longest has the whole width, and what is not nothing is seen")
  func barsAreToScale() {
    let chart = BarChart(
      bars: [
        .init(label: "a", value: 400), .init(label: "long\u{1B}", value: 205), .init(label: "c", value: 1),
        .init(label: "d", value: 0), .init(label: "e", value: -7),
      ], isColoured: false)
    let blank = String(repeating: " ", count: 40)
    #expect(
      chart.lines == [
        "a      " + String(repeating: "█", count: 40) + "  400",
        "long\u{FFFD}  " + String(repeating: "█", count: 20) + "▌" + blank.prefix(19) + "  205",
        "c      ▏" + blank.prefix(39) + "    1", "d      " + blank + "    0", "e      " + blank + "   -7",
      ])
  }

  @Test("Colours change nothing but themselves")
  func coloursAreAround() {
    let bars = [BarChart.Bar(label: "a", value: 9), .init(label: "b", value: 0)]
    let plain = BarChart(bars: bars, isColoured: false).lines
    let coloured = BarChart(bars: bars, isColoured: true).lines
    #expect(coloured != plain && coloured[1] == plain[1])
    #expect(coloured.map { $0.replacing("\u{1B}[36m", with: "").replacing("\u{1B}[0m", with: "") } == plain)
  }

  @Test("No bars make no lines")
  func noBars() {
    #expect(BarChart(bars: [], isColoured: true).lines.isEmpty)
  }
}
