package import Ledger
package import Sandbox

/// When the members of a team send their edits, day by day: in sessions of some edits of one kind, on working days more than
/// on others, by day more than by night, and more each month.
package struct TeamSchedule: Sendable {
  /// An edit that is to be sent.
  package struct Draft: Sendable, Hashable {
    package var at: Timestamp
    /// Position of the member.
    package var member: Int
    /// Position of its kind.
    package var kind: Int
  }

  private static let memberSkew = 0.9
  private static let longestSession = 11
  /// The last edits are sent so long before the end that all of them are resolved by then.
  private static let margin: Int64 = 600 * Timestamp.microsecondsPerSecond

  private let start: Timestamp
  private let last: Timestamp
  /// Edits of each day.
  private let counts: [Int]
  private let members: WeightedChoice
  private let hours: WeightedChoice
  private var day = 0
  /// Of sessions that went on after midnight.
  private var left: [Draft] = []

  /// The schedule of one team.
  package init(_ share: RecordsPlan.Share, of plan: RecordsPlan) {
    start = plan.start
    last = Timestamp(microseconds: max(plan.start.microseconds + 1, plan.end.microseconds - Self.margin))
    let span = last.microseconds - start.microseconds
    let days = Int((span + Timestamp.microsecondsPerDay - 1) / Timestamp.microsecondsPerDay)
    let first = plan.start.microseconds / Timestamp.microsecondsPerDay
    counts = RecordsPlan.divide(
      share.edits,
      by: (0..<days).map { day in
        // 1970-01-01 was a Thursday.
        let weekday = (first + Int64(day) + 4) % 7
        let isWhole = Int64(day + 1) * Timestamp.microsecondsPerDay <= span
        return (weekday == 0 || weekday == 6 ? 0.3 : 1) * (0.6 + 0.8 * Double(day) / Double(days)) * (isWhole ? 1 : 0.5)
      })
    members = WeightedChoice(count: share.members, skew: Self.memberSkew)
    hours = WeightedChoice(
      (0..<24).map { hour in
        switch (hour + Int(share.secondsAhead / 3_600) + 24) % 24 {
        case 8..<18: 1
        case 18..<23: 0.4
        default: 0.08
        }
      })
  }

  /// The share of a member's edits in all of the team's.
  func share(ofMember position: Int) -> Double { members.share(of: position) }

  /// The edits of the next day on which there are any, the last one first; nil: there are no more.
  package mutating func nextDay(_ choices: EditChoices, using generator: inout SplitMix64) -> [Draft]? {
    while day < counts.count {
      let midnight = Timestamp(microseconds: start.microseconds + Int64(day + 1) * Timestamp.microsecondsPerDay)
      var drafts = left
      left = []
      var missing = counts[day]
      day += 1
      while missing > 0 {
        let session = session(
          of: min(missing, .random(in: 1...Self.longestSession, using: &generator)), before: midnight,
          choices, using: &generator)
        missing -= session.count
        drafts += session
      }
      if day < counts.count {
        left = drafts.filter { $0.at >= midnight }
        drafts.removeAll { $0.at >= midnight }
      }
      guard drafts.isEmpty else { return drafts.sorted { $0.at > $1.at } }
    }
    return nil
  }

  private func session(
    of count: Int, before midnight: Timestamp, _ choices: EditChoices, using generator: inout SplitMix64
  ) -> [Draft] {
    let second = Int64(hours.next(using: &generator)) * 3_600 + .random(in: 0..<3_600, using: &generator)
    var at = midnight.microseconds - Timestamp.microsecondsPerDay + second * Timestamp.microsecondsPerSecond
    let (member, kind) = (members.next(using: &generator), choices.next(using: &generator))
    return (0..<count).map { _ in
      at += .random(in: 20_000_000..<90_000_000, using: &generator)
      // What would come too late on the last day comes earlier on it.
      if at >= last.microseconds {
        let first = max(start.microseconds, midnight.microseconds - Timestamp.microsecondsPerDay)
        at = .random(in: first..<max(first + 1, last.microseconds), using: &generator)
      }
      return Draft(at: Timestamp(microseconds: at), member: member, kind: kind)
    }
  }
}
