import LedgerStore
import Testing

@Suite struct ReadingPaceTests {
  @Test(arguments: [Int64.min, -1, 0])
  func whereNobodyWritesAReaderNeverRests(writers: Int64) {
    #expect(ReadingPace.yielding.rest(after: .milliseconds(10), writers: writers) == .zero)
    #expect(ReadingPace.full.rest(after: .milliseconds(10), writers: writers) == .zero)
  }

  @Test func anOperatorsCommandNeverRests() {
    #expect(ReadingPace.full.rest(after: .seconds(1), writers: .max) == .zero)
  }

  @Test func theMoreIsWrittenTheLongerItRestsUpToAPartOfItsTime() {
    let took = Duration.milliseconds(10)
    #expect(ReadingPace.yielding.rest(after: took, writers: 1) == ReadingPace.restPerWriter)
    #expect(ReadingPace.yielding.rest(after: took, writers: 3) == ReadingPace.restPerWriter * 3)
    for writers in [8, 1_000, Int64.max] {
      #expect(ReadingPace.yielding.rest(after: took, writers: writers) == took * ReadingPace.restMaximum)
    }
  }

  @Test func aChunkThatTookLongForItsReadersSakeIsNoReasonToRestLong() {
    #expect(ReadingPace.yielding.rest(after: .seconds(50), writers: .max) == ReadingPace.longestRest)
  }
}
