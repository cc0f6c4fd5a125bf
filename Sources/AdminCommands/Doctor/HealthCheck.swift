/// One question that `tally doctor` asked, and its answer.
package struct HealthCheck: Sendable, Hashable {
  /// How bad the answer is.
  package enum Verdict: String, Sendable {
    /// As it should be.
    case ok
    /// It works, but look at it.
    case warn
    /// It will not work.
    case fail
  }

  /// What was looked at.
  package var name: String
  /// How bad it is.
  package var verdict: Verdict
  /// What was found, and what to do about it.
  package var message: String

  /// An answer.
  package init(_ name: String, _ verdict: Verdict, _ message: String) {
    self.name = name
    self.verdict = verdict
    self.message = message
  }

  /// A check that fails with what `body` throws.
  static func running(_ name: String, _ body: () async throws -> HealthCheck) async -> HealthCheck {
    do {
      return try await body()
    } catch {
      return HealthCheck(name, .fail, CommandFailure(error)?.message ?? "\(error)")
    }
  }
}

extension OutputRow {
  init(_ check: HealthCheck) {
    self.init()
    add("check", "CHECK", .string(check.name))
    add("status", "STATUS", .string(check.verdict.rawValue))
    add("message", "FOUND", .string(check.message))
  }
}
