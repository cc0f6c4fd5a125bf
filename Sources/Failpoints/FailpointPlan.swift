/// What is to happen at which failpoint: `lane.hold.before_commit=kill@3;lane.settle.after_commit=stop`.
package struct FailpointPlan: Sendable, Equatable {
  /// What happens to the process.
  package enum Action: String, Sendable, CaseIterable {
    /// It dies at once, as by `kill -9`.
    case kill
    /// It stops until somebody sends SIGCONT.
    case stop
  }

  private struct Trigger: Sendable, Equatable {
    var action: Action
    /// How many times the point is still to be passed before it happens.
    var passes: Int
  }

  private var triggers: [Failpoint: Trigger] = [:]

  /// Reads a plan. A count after `@` says at which passing it happens, from 1; without one at the first. It happens once.
  /// - Throws: a sentence that names the part at fault.
  package init(_ text: String) throws(FailpointFault) {
    for part in text.split(separator: ";") {
      let sides = part.split(separator: "=", maxSplits: 1)
      guard let point = sides.first.flatMap({ Failpoint(rawValue: String($0)) }), sides.count == 2 else {
        throw FailpointFault("no failpoint: \(part)")
      }
      let words = sides[1].split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
      guard let action = words.first.flatMap({ Action(rawValue: String($0)) }) else {
        throw FailpointFault("no action of a failpoint: \(part)")
      }
      guard let count = words.count == 2 ? Int(words[1]) : 1, count >= 1 else {
        throw FailpointFault("no count of a failpoint: \(part)")
      }
      triggers[point] = Trigger(action: action, passes: count - 1)
    }
  }

  /// What happens now that `point` is passed; nil: nothing.
  package mutating func pass(_ point: Failpoint) -> Action? {
    guard var trigger = triggers[point] else { return nil }
    guard trigger.passes == 0 else {
      trigger.passes -= 1
      triggers[point] = trigger
      return nil
    }
    triggers[point] = nil
    return trigger.action
  }
}

/// A plan that cannot be read.
package struct FailpointFault: Error, CustomStringConvertible {
  /// What is wrong with it.
  package let description: String

  init(_ description: String) {
    self.description = description
  }
}
