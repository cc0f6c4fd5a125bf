/// What a check found.
package struct CheckReport: Sendable, Hashable {
  /// What does not hold, at most `ViolationList.maximum` a team; none: everything does.
  package var violations: [Violation]
  /// Work that no member was charged for, at most as many a team. It is no violation.
  package var variances: [Variance]

  /// Whether every invariant holds.
  package var isSound: Bool { violations.isEmpty }

  /// A report of what was found.
  package init(violations: [Violation] = [], variances: [Variance] = []) {
    self.violations = violations
    self.variances = variances
  }
}
