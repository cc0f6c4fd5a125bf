import Ledger
import Testing

@Suite struct BudgetThresholdTests {
  @Test(
    arguments: [
      (50, 49, 100, false), (50, 50, 100, true), (50, 51, 100, true), (100, 99, 100, false), (100, 100, 100, true),
      (33, 1, 3, true), (34, 1, 3, false), (67, 2, 3, false), (66, 2, 3, true), (1, 1, 101, false), (1, 1, 100, true),
      (1_000, 999, 100, false), (1_000, 1_000, 100, true),
      // Of a limit of nothing all is reached as soon as anything is used, and nothing before.
      (1, 0, 0, false), (1_000, 1, 0, true), (1, 0, 100, false),
    ] as [(Int64, Int64, Int64, Bool)])
  func thresholdIsReachedExactlyAtItsPart(percent: Int64, used: Int64, limit: Int64, isReached: Bool) {
    #expect(BudgetThreshold.isReached(percent: percent, used: Credits(used), limit: Credits(limit)) == isReached)
  }

  @Test func withoutALimitNothingIsReached() {
    #expect(!BudgetThreshold.isReached(percent: 1, used: .maximum, limit: nil))
  }

  /// Against the full products of 128 bits, with amounts up to the largest that there are.
  @Test func noAmountIsTooLarge() {
    var generator = SeededGenerator(seed: testSeed)
    let maximum = Credits.maximum.value
    for _ in 0..<20_000 {
      let limit = Bool.random(using: &generator) ? Int64.random(in: 1...maximum, using: &generator) : maximum
      let percent = Int64.random(in: 1...AlertChanged.thresholdMaximum, using: &generator)
      // Near the threshold, where it matters.
      let near = limit.multipliedFullWidth(by: percent)
      let exact = Int64(100).dividingFullWidth(near).quotient
      let used = min(maximum, max(1, exact + Int64.random(in: -2...2, using: &generator)))
      let (left, right) = (used.multipliedFullWidth(by: 100), limit.multipliedFullWidth(by: percent))
      let expected = (left.high, left.low) >= (right.high, right.low)
      #expect(
        BudgetThreshold.isReached(percent: percent, used: Credits(used), limit: Credits(limit)) == expected,
        "\(percent) % of \(limit), used \(used)")
    }
  }
}
