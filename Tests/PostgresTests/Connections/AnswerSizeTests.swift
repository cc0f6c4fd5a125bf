import Postgres
import Testing

@Suite struct AnswerSizeTests {
  @Test func aReaderSlowerThanItsServerIsHeldToTheLimitByWhatItHolds() {
    var size = AnswerSize(limit: 100)
    // Little was waiting when each read began; much more came while it ran.
    size.arrive(1, leaving: 0)
    #expect(!size.isOverLimit)
    size.hold(60)
    size.arrive(1, leaving: 0)
    #expect(!size.isOverLimit)
    size.hold(41)
    #expect(size.isOverLimit)
  }

  @Test func anAnswerThatIsNotCompleteIsHeldToTheLimitByWhatArrived() {
    var size = AnswerSize(limit: 100)
    size.arrive(100, leaving: 0)
    #expect(!size.isOverLimit)
    size.arrive(1, leaving: 0)
    #expect(size.isOverLimit)
  }

  /// A server that is faster than its reader fills the socket: each read takes a part, and finds the rest again.
  @Test func whatStaysInTheSocketIsCountedByTheReadThatTakesIt() {
    var size = AnswerSize(limit: 100)
    for rest in stride(from: 90, through: 0, by: -10) { size.arrive(rest + 10, leaving: rest) }
    #expect(!size.isOverLimit)
    // More came than was taken.
    size.arrive(50, leaving: 70)
    #expect(!size.isOverLimit)
    size.arrive(70, leaving: 69)
    #expect(size.isOverLimit)
  }

  @Test func theSameBytesAreNotCountedTwice() {
    var size = AnswerSize(limit: 100)
    size.arrive(80, leaving: 0)
    size.hold(80)
    #expect(!size.isOverLimit)
  }

  @Test func whatIsHandedOnCountsNoMore() {
    var size = AnswerSize(limit: 100)
    size.arrive(90, leaving: 0)
    size.hold(90)
    size.forget()
    #expect(size == AnswerSize(limit: 100))
    size.arrive(90, leaving: 0)
    size.hold(90)
    #expect(!size.isOverLimit)
  }
}
