import Testing

@testable import Postgres

@Suite struct AnswerSizeTests {
  @Test func aReaderSlowerThanItsServerIsHeldToTheLimitByWhatItHolds() {
    var size = AnswerSize(limit: 100)
    // Little was waiting when each read began; much more came while it ran.
    size.arrive(1)
    #expect(!size.isOverLimit)
    size.hold(60)
    size.arrive(1)
    #expect(!size.isOverLimit)
    size.hold(41)
    #expect(size.isOverLimit)
  }

  @Test func anAnswerThatIsNotCompleteIsHeldToTheLimitByWhatArrived() {
    var size = AnswerSize(limit: 100)
    size.arrive(100)
    #expect(!size.isOverLimit)
    size.arrive(1)
    #expect(size.isOverLimit)
  }

  @Test func theSameBytesAreNotCountedTwice() {
    var size = AnswerSize(limit: 100)
    size.arrive(80)
    size.hold(80)
    #expect(!size.isOverLimit)
  }

  @Test func whatIsHandedOnCountsNoMore() {
    var size = AnswerSize(limit: 100)
    size.arrive(90)
    size.hold(90)
    size.forget()
    #expect(size == AnswerSize(limit: 100))
    size.arrive(90)
    size.hold(90)
    #expect(!size.isOverLimit)
  }
}
