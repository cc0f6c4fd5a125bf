import Foundation
import Synchronization

/// The process's failpoints. Without `TALLY_FAILPOINTS` passing one costs a comparison.
package final class Failpoints: Sendable {
  /// Names the plan of the process.
  package static let variable = "TALLY_FAILPOINTS"

  /// The process's own; nil unless the variable is set. A plan that cannot be read ends the process: a test that fails
  /// at the wrong place would prove nothing.
  package static let armed: Failpoints? = ProcessInfo.processInfo.environment[variable].map { text in
    do {
      return Failpoints(try FailpointPlan(text))
    } catch {
      FileHandle.standardError.write(Data("Error: \(variable): \(error)\n".utf8))
      exit(64)
    }
  }

  private let plan: Mutex<FailpointPlan>

  private init(_ plan: FailpointPlan) {
    self.plan = Mutex(plan)
  }

  /// Passes a point: does what the plan says. A process that stops here goes on when it gets SIGCONT.
  package static func pass(_ point: Failpoint) {
    guard let armed, let action = armed.plan.withLock({ $0.pass(point) }) else { return }
    switch action {
    case .kill: kill(getpid(), SIGKILL)
    case .stop: kill(getpid(), SIGSTOP)
    }
  }
}
