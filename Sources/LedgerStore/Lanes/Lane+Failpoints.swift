import Failpoints

/// Where a batch of a lane is when a failpoint is passed.
enum LaneStep: Sendable {
  case beforeLoad, afterLoad, beforeCommit, afterCommit
}

/// What kinds of commands a batch has, for the failpoints.
struct LaneBatchKinds: Sendable {
  private let hasHolds: Bool
  private let hasResolutions: Bool

  /// The kinds of `batch`; nil when no failpoint is armed, so that nobody looks.
  init?(_ batch: LaneBatch) {
    guard Failpoints.armed != nil else { return nil }
    hasHolds = batch.entries.contains { if case .hold = $0.command { true } else { false } }
    hasResolutions = batch.entries.contains(where: \.isResolution)
  }

  /// Passes the failpoints of a step.
  func pass(_ step: LaneStep) {
    if hasHolds { Failpoints.pass(step.ofHolds) }
    if hasResolutions { Failpoints.pass(step.ofResolutions) }
  }
}

extension LaneStep {
  fileprivate var ofHolds: Failpoint {
    switch self {
    case .beforeLoad: .holdBeforeLoad
    case .afterLoad: .holdAfterLoad
    case .beforeCommit: .holdBeforeCommit
    case .afterCommit: .holdAfterCommit
    }
  }

  fileprivate var ofResolutions: Failpoint {
    switch self {
    case .beforeLoad: .settleBeforeLoad
    case .afterLoad: .settleAfterLoad
    case .beforeCommit: .settleBeforeCommit
    case .afterCommit: .settleAfterCommit
    }
  }
}
