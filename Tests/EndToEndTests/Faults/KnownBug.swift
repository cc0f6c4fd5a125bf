import Foundation
import Ledger
import LedgerStore
import Postgres
import TallyTesting

/// A bug of the kind that the fault tests are there to find, planted in what it would leave behind after real edits under
/// real faults: the ledger itself books the wrong thing, or a row is changed behind its back.
enum KnownBug: CaseIterable, Sendable {
  /// A time-out is taken for "not done": an edit that the upstream worked for is released.
  case workIsReleased
  /// An edit is charged that the upstream never heard of.
  case nothingIsCharged
  /// An Idempotency-Key is forgotten: the client's retry is done and charged a second time.
  case keyIsForgotten
  /// The line of a settlement is lost. The last one: behind a gap nothing more of the log can be judged.
  case lineIsLost

  /// What the check must say of it.
  struct Finding: Hashable, Sendable, CustomStringConvertible {
    var invariant: String
    var subject: String

    var description: String { "\(invariant): \(subject)" }
  }

  /// Plants it in a world whose ledger is sound.
  /// - Returns: the one violation that follows.
  ///
  /// Throws `ProcessFailure` where the world has no edit that would suit it.
  func plant(in world: FaultWorld) async throws -> Finding {
    switch self {
    case .workIsReleased: try await releaseWork(world)
    case .nothingIsCharged: try await chargeNothing(world)
    case .keyIsForgotten: try await forgetKey(world)
    case .lineIsLost: try await loseLine(world)
    }
  }

  private func releaseWork(_ world: FaultWorld) async throws -> Finding {
    guard let doubted = try await world.doubtedWork() else { throw ProcessFailure("no edit in doubt was worked for") }
    try await world.withStore { store in
      _ = try await store.release(
        ReleaseRequest(team: doubted.team, record: doubted.record, cause: .notSent))
    }
    return Finding(invariant: "upstream_work_is_accounted_for", subject: "record \(doubted.record)")
  }

  private func chargeNothing(_ world: FaultWorld) async throws -> Finding {
    let record = RecordID(bits: .random())
    try await world.withStore { store in
      let team = try await store.team(named: "globex").id
      let member = try await store.member(of: team, userID: "user-1")
      guard let key = try await store.keys(of: team).first(where: { $0.member == member.id }) else {
        throw ProcessFailure("the member has no key")
      }
      _ = try await store.changeMember(
        team: team, userID: member.userID, MemberChange(status: .set(.active), limit: .set(nil)),
        by: Administrator(name: "test", reason: "a test"))
      let request = HoldRequest(
        team: team, record: record, member: member.id, key: key.id, model: "gpt-image-1-mini", quality: "low",
        size: "1024x1024", n: 1, promptObject: "{}", userID: member.userID)
      guard case .held = try await store.hold(request) else { throw HoldWasRefused() }
      _ = try await store.settle(
        SettleRequest(
          team: team, record: record, upstreamUUID: "never-heard-of", resultKeys: ["images/nothing.png"],
          temporaryURL: nil))
    }
    return Finding(invariant: "settled_edit_was_worked", subject: "record \(record)")
  }

  private func forgetKey(_ world: FaultWorld) async throws -> Finding {
    guard let (wish, record) = world.load.memory.someDone else { throw ProcessFailure("no edit was done") }
    _ = try await world.tally.json(
      "member", "set", wish.member.team, wish.member.user, "--status", "ACTIVE", "--limit", "none", "--reason", "test")
    try await world.execute("DELETE FROM tally.idempotency WHERE record_id = '\(record)'")
    guard let gateway = world.fleet.addresses.first else { throw ProcessFailure("no gateway runs") }
    _ = try await HTTP(base: gateway).with(key: wish.member.key).post(
      "/api/features", json: wish.body, headers: ["Idempotency-Key": wish.key])
    try await world.waitForRecovery()
    return Finding(invariant: "idempotency_key_stands_for_one_edit", subject: "record \(record)")
  }

  private func loseLine(_ world: FaultWorld) async throws -> Finding {
    let last = """
      SELECT max(r.resolve_index)
        FROM tally.record AS r JOIN tally.team AS t ON t.team_id = r.team_id
       WHERE t.name = 'acme' AND r.state = 'settled'
      """
    let index = try await world.count(last)
    try await world.execute(
      """
      DELETE FROM tally.log_line
       WHERE team_id = (SELECT team_id FROM tally.team WHERE name = 'acme') AND index = \(index)
      """)
    return Finding(invariant: "log_has_no_gap", subject: "log_line \(index)")
  }
}

extension FaultWorld {
  /// An edit in doubt, of the team that never charges such edits, which the upstream worked for; nil: there is none.
  func doubtedWork() async throws -> (team: TeamID, record: RecordID)? {
    let worked = Set(try sandbox.truthLog.edits().filter(\.worked).compactMap(\.requestId))
    let rows = try await rows(
      Statement(
        "in doubt",
        """
        SELECT r.team_id::text, r.record_id::text
          FROM tally.record AS r JOIN tally.team AS t ON t.team_id = r.team_id
         WHERE t.name = 'globex' AND r.state = 'in_doubt' ORDER BY r.hold_index
        """, row: { (row) throws(PostgresError) in (try row.next(String.self), try row.next(String.self)) }))
    for (team, record) in rows where worked.contains(record) {
      if let team = TeamID(team), let record = RecordID(record) { return (team, record) }
    }
    return nil
  }

  /// What the ledger says of itself.
  func findings() async throws -> Set<KnownBug.Finding> {
    let check = try await check()
    return Set(
      check.json["violations"].elements.map {
        KnownBug.Finding(invariant: $0["invariant"].string ?? "", subject: $0["subject"].string ?? "")
      })
  }

  /// The ledger itself, without a gateway in between.
  func withStore(_ body: (LedgerStore) async throws -> Void) async throws {
    var settings = LedgerStoreSettings(connection: database, instance: InstanceID(bits: .random()))
    settings.laneCount = 1
    let store = try await LedgerStore.open(settings, logger: Self.quiet)
    do {
      try await body(store)
    } catch {
      await store.close(within: .seconds(1))
      throw error
    }
    await store.close(within: .seconds(5))
  }
}
