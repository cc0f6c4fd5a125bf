import Ledger
import LedgerStore
import TallyTesting
import Testing

@Suite struct SpanCoverTests {
  private static func quarter(_ number: Int64, _ microseconds: Int64 = 0) -> Timestamp {
    Timestamp(microseconds: number * UsageKey.bucketMicroseconds + microseconds)
  }

  private static func span(_ start: Int64, _ end: Int64) -> UsageSpan {
    UsageSpan(start: quarter(start), end: quarter(end))
  }

  private static func part(_ bucket: Int, _ start: Timestamp, _ end: Timestamp) -> SpanCover.Part {
    SpanCover.Part(bucket: bucket, start: start, end: end)
  }

  @Test func theLargestSpanWithinABucketIsTaken() {
    let days = (0..<4).map { Self.span($0 * 96, ($0 + 1) * 96) }
    let cover = SpanCover(
      bounds: [Self.quarter(0), Self.quarter(400)], known: days + [Self.span(0, 192)], last: Self.quarter(1_000))
    #expect(
      cover.spans == [
        Self.part(0, Self.quarter(0), Self.quarter(192)), Self.part(0, Self.quarter(192), Self.quarter(288)),
        Self.part(0, Self.quarter(288), Self.quarter(384)),
      ])
    #expect(cover.quarters == [Self.part(0, Self.quarter(384), Self.quarter(400))])
    #expect(cover.ragged.isEmpty)
  }

  @Test func spanThatReachesOutOfABucketIsNotTaken() {
    let cover = SpanCover(
      bounds: [Self.quarter(1), Self.quarter(96), Self.quarter(100)], known: [Self.span(0, 96), Self.span(90, 98)],
      last: Self.quarter(1_000))
    #expect(cover.spans.isEmpty)
    #expect(
      cover.quarters == [
        Self.part(0, Self.quarter(1), Self.quarter(96)), Self.part(1, Self.quarter(96), Self.quarter(100)),
      ])
  }

  @Test func whatIsWithinAQuarterIsFolded() {
    let cover = SpanCover(
      bounds: [Self.quarter(1, 5), Self.quarter(1, 9), Self.quarter(3, 1)], known: [], last: Self.quarter(1_000))
    #expect(
      cover.ragged == [
        Self.part(0, Self.quarter(1, 5), Self.quarter(1, 9)), Self.part(1, Self.quarter(1, 9), Self.quarter(2)),
        Self.part(1, Self.quarter(3), Self.quarter(3, 1)),
      ])
    #expect(cover.quarters == [Self.part(1, Self.quarter(2), Self.quarter(3))])
  }

  /// The quarter of the last line may still be open, or have been when the head was taken.
  @Test func nothingReachesBehindTheQuarterOfTheLastLine() {
    let cover = SpanCover(
      bounds: [Self.quarter(0), Self.quarter(96), Self.quarter(192)], known: [Self.span(0, 96)],
      last: Self.quarter(50, 7))
    #expect(cover.spans.isEmpty)
    #expect(cover.quarters == [Self.part(0, Self.quarter(0), Self.quarter(51))])
    #expect(cover.bucketOfQuarter(at: Self.quarter(50, 7)) == 0)
    #expect(cover.bucketOfQuarter(at: Self.quarter(51)) == nil)
    let later = SpanCover(
      bounds: [Self.quarter(0), Self.quarter(96)], known: [Self.span(0, 96)], last: Self.quarter(96))
    #expect(later.spans == [Self.part(0, Self.quarter(0), Self.quarter(96))])
  }

  /// Every moment of a bucket up to the end of the last line's quarter is in exactly one part, of that bucket.
  @Test(arguments: 0..<200)
  func everyMomentIsInExactlyOnePart(number: Int) throws {
    let seed = RunSeed.value &+ UInt64(number)
    var random = SeededGenerator(seed: seed)
    let known = (0..<Int.random(in: 0...12, using: &random)).map { _ in
      let start = Int64.random(in: 0..<300, using: &random)
      return Self.span(start, start + Int64.random(in: 1...120, using: &random))
    }
    let points = (0..<Int.random(in: 2...12, using: &random)).map { _ in
      Self.quarter(
        Int64.random(in: 0..<300, using: &random), random.chance(30) ? Int64.random(in: 0..<900, using: &random) : 0)
    }
    let bounds = Array(Set(points)).sorted()
    guard bounds.count > 1 else { return }
    let last = Self.quarter(Int64.random(in: 0..<320, using: &random), 3)
    let cover = SpanCover(bounds: bounds, known: known, last: last)
    let parts = (cover.spans + cover.quarters + cover.ragged).sorted { $0.start < $1.start }
    var position = bounds[0]
    let end = min(bounds[bounds.count - 1], UsageKey.end(ofBucketAt: last))
    for part in parts {
      #expect(part.start == position, "seed \(seed)")
      #expect(part.start < part.end, "seed \(seed)")
      #expect(bounds[part.bucket] <= part.start && part.end <= bounds[part.bucket + 1], "seed \(seed)")
      position = part.end
    }
    #expect(position == max(bounds[0], end), "seed \(seed)")
    for part in cover.spans {
      #expect(known.contains(UsageSpan(start: part.start, end: part.end)), "seed \(seed)")
      #expect(part.end <= UsageKey.bucketStart(of: last), "seed \(seed)")
    }
    for part in cover.quarters {
      #expect(UsageKey.bucketStart(of: part.start) == part.start, "seed \(seed)")
      #expect(UsageKey.bucketStart(of: part.end) == part.end, "seed \(seed)")
    }
    for part in cover.ragged {
      #expect(part.end <= UsageKey.end(ofBucketAt: part.start), "seed \(seed)")
    }
  }
}
