import AdminCommands
import NIOCore
import Testing

@Suite("The schedule of an open loop")
struct LoadScheduleTests {
  private static let start = NIODeadline.uptimeNanoseconds(7_000_000_000)

  @Test("A server that stalls moves no intended start: all that became due come with their own times")
  func stallMovesNoStart() {
    var schedule = LoadSchedule(perSecond: 4, start: Self.start, end: Self.start + .seconds(2))
    #expect(schedule.takeDue(at: Self.start) == Self.start)
    #expect(schedule.takeDue(at: Self.start + .milliseconds(249)) == nil)
    // Nobody asked for a second.
    let late = Self.start + .milliseconds(1_100)
    var taken: [NIODeadline] = []
    while let intended = schedule.takeDue(at: late) { taken.append(intended) }
    #expect(taken == [250, 500, 750, 1_000].map { Self.start + .milliseconds($0) })
  }

  @Test("No rounding adds up, and nothing starts at the end or later", arguments: [1, 3, 7, 200, 999_983])
  func countIsTheRate(perSecond: Int) {
    var schedule = LoadSchedule(perSecond: perSecond, start: Self.start, end: Self.start + .seconds(1))
    var count = 0
    var last = Self.start
    while let intended = schedule.takeDue(at: .distantFuture) {
      #expect(intended >= last && intended < Self.start + .seconds(1))
      last = intended
      count += 1
    }
    #expect(count == perSecond)
    #expect(schedule.next == nil)
  }
}
