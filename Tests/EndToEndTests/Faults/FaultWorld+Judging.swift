import Foundation
import TallyTesting
import Testing

extension FaultWorld {
  /// How long recovery may take after the last fault: leases end, upstream calls time out, the policy charges.
  private static let recoveryLimit = Duration.seconds(60)

  /// Waits until recovery is through, and checks everything that must be true then.
  func judge() async throws {
    try await waitForRecovery()
    let counts = load.memory.counts
    Notice.tell(
      "wishes \(counts.wishes), answers \(counts.answers), done \(counts.done), refused \(counts.refused), failed \(counts.failed)"
    )
    #expect(load.memory.contradictions == [])
    #expect(counts.done > 0)
    try await judgeRecords()
    let check = try await check()
    #expect(check.status == 0, "\(check.output)\n\(check.errors)")
  }

  /// Runs `tally ledger check` against what really reached the sandbox.
  func check() async throws -> TallyCommand.Answer {
    try await tally.run(
      ["ledger", "check", "--json", "--truth-log", sandbox.truthLog.file.path], environment: Self.checkEnvironment)
  }

  /// Waits until nothing is held, nor in doubt where the team's policy will charge it.
  func waitForRecovery() async throws {
    let deadline = ContinuousClock.now + Self.recoveryLimit
    let open = """
      SELECT count(*)
        FROM tally.record AS r JOIN tally.team AS t ON t.team_id = r.team_id
       WHERE r.state = 'held' OR r.state = 'in_doubt' AND t.in_doubt_charge_seconds IS NOT NULL
      """
    while true {
      if let left = try? await count(open), left == 0 { return }
      guard ContinuousClock.now < deadline else {
        let left = try await count(open)
        throw ProcessFailure("\(left) edits are still held, or in doubt past their team's policy")
      }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  /// What was answered must be in the database, and nothing may have been charged twice.
  private func judgeRecords() async throws {
    let acknowledged = load.memory.acknowledged
    let list = acknowledged.map { "'\($0)'" }.joined(separator: ",")
    if !acknowledged.isEmpty {
      let settled = try await count(
        "SELECT count(*) FROM tally.record WHERE state = 'settled' AND record_id IN (\(list))")
      #expect(settled == Int64(acknowledged.count), "an edit that was answered with success is not charged")
    }
    let doubled = try await count(
      """
      SELECT count(*)
        FROM tally.record AS r
       WHERE r.state IN ('settled', 'in_doubt')
         AND NOT EXISTS (SELECT FROM tally.idempotency AS i WHERE i.team_id = r.team_id AND i.record_id = r.record_id)
      """)
    #expect(doubled == 0, "edits were charged that belong to no Idempotency-Key")
    let halted = try await count("SELECT count(*) FROM tally.team WHERE is_halted")
    #expect(halted == 0, "a team was halted")
  }
}
