import Failpoints
import Testing

struct FailpointPlanTests {
  @Test func nothingHappensAtAPointThatThePlanDoesNotName() throws {
    var plan = try FailpointPlan("lane.hold.before_commit=kill")
    for point in Failpoint.allCases where point != .holdBeforeCommit { #expect(plan.pass(point) == nil) }
  }

  @Test func itHappensAtTheCountedPassingAndOnce() throws {
    var plan = try FailpointPlan("lane.hold.before_commit=kill@3;lane.settle.after_commit=stop")
    #expect((0..<5).map { _ in plan.pass(.holdBeforeCommit) } == [nil, nil, .kill, nil, nil])
    #expect((0..<2).map { _ in plan.pass(.settleAfterCommit) } == [.stop, nil])
  }

  @Test func anEmptyPlanIsAPlan() throws {
    var plan = try FailpointPlan("")
    #expect(plan.pass(.holdAfterLoad) == nil)
  }

  @Test(arguments: [
    "lane", "lane.hold=kill", "lane.hold.before_commit", "lane.hold.before_commit=", "lane.hold.before_commit=die",
    "lane.hold.before_commit=kill@", "lane.hold.before_commit=kill@0", "lane.hold.before_commit=kill@-1",
    "lane.hold.before_commit=kill@x", "lane.hold.after_load=stop, lane.hold.before_load=stop",
  ])
  func aPlanThatCannotBeReadIsRefused(text: String) {
    #expect(throws: FailpointFault.self) { try FailpointPlan(text) }
  }
}
