import Ledger
import LedgerStore
import Postgres
import Synchronization
import TallyTesting
import Testing

/// What reads a team's records and usage while a removal of them begins.
@Suite struct RemovalRaceTests {
  private static let by = Administrator(name: "test", reason: "kept long enough")

  /// A second store, which waits for locks as long as a test holds one.
  private static func patientStore(_ database: LedgerDatabase, _ team: AgedTeam) async throws -> LedgerStore {
    try await database.openStore {
      $0.instance = InstanceID(bits: 0x2)
      $0.now = { team.clock.now }
      $0.connection.lockTimeout = .seconds(2)
    }
  }

  /// Begins a removal while somebody waits for `lock`, lets them go on when the first records are gone and their usage is
  /// still there, and ends the removal when they have ended.
  private static func remove(
    of team: AgedTeam, in store: LedgerStore, whileHeldUpBy lock: HeldLock, _ database: LedgerDatabase,
    until end: @escaping @Sendable () async throws -> Void
  ) async throws {
    try await lock.waitForSomebody()
    let isFirst = Atomic(true)
    let removal = try await store.removeOld(of: team.ledger.team, by: by) { _ in
    } pause: { _ in
      guard isFirst.exchange(false, ordering: .relaxed) else { return }
      #expect(try await AgedTeam.records(in: database) == team.kept)
      await lock.giveBack()
      try await end()
    }
    #expect(removal?.records == Int64(team.old.count))
  }

  /// With small windows the check is in the middle of the log then, with one window at its end.
  @Test(arguments: [2, 5_000] as [Int64])
  func aCheckBeginsAgainWhereARemovalBeginsMeanwhile(windowLines: Int64) async throws {
    try await withAgedTeam { store, database, team in
      _ = try await store.changeRetention(of: team.ledger.team, keepDays: 31, by: Self.by)
      let patient = try await Self.patientStore(database, team)
      let told = Mutex<[Int64]>([])
      // The check has read then that nothing is removed, and no line.
      let lock = try await HeldLock.take("LOCK TABLE tally.log_line IN ACCESS EXCLUSIVE MODE", in: database)
      let check = Task {
        try await patient.check(windowLines: windowLines) { progress in told.withLock { $0.append(progress.lines) } }
      }
      try await Self.remove(of: team, in: store, whileHeldUpBy: lock, database) {
        let found = try await check.value.violations
        #expect(found == [])
      }
      // It came back to the first lines.
      let lines = told.withLock { $0 }
      let isBegunAgain = zip(lines, lines.dropFirst()).contains { $0 >= $1 }
      #expect(isBegunAgain == (windowLines == 2), "\(lines)")
      #expect(try await store.check(windowLines: windowLines).violations == [])
      await patient.close(within: .seconds(5))
    }
  }

  @Test func aRebuildingSaysFromWhereItCanGoOnWhereARemovalBeginsMeanwhile() async throws {
    try await withAgedTeam { store, database, team in
      let id = team.ledger.team
      _ = try await store.changeRetention(of: id, keepDays: 31, by: Self.by)
      let patient = try await Self.patientStore(database, team)
      let start = UsageKey.bucketStart(of: team.closed.start)
      let end = UsageKey.end(ofBucketAt: team.clock.now)
      let before =
        "SELECT count(*)::text FROM tally.usage_bucket WHERE bucket_start < to_timestamp(\(team.closed.end.microseconds) / 1e6)"
      // What the rebuilding would bring back.
      try await database.execute("DELETE FROM tally.usage_bucket")
      // It has looked then from when on usage is kept, and has read the lines.
      let lock = try await HeldLock.take("LOCK TABLE tally.usage_upkeep IN ACCESS EXCLUSIVE MODE", in: database)
      let rebuilding = Task { try await patient.rebuildUsage(of: id, from: start, to: end, by: Self.by) }
      try await Self.remove(of: team, in: store, whileHeldUpBy: lock, database) {
        let error = await #expect(throws: StoreError.self) { try await rebuilding.value }
        guard case .invalid("from", let message)? = error?.reason else {
          Issue.record("\(String(describing: error))")
          return
        }
        #expect(message.contains("from \(team.closed.end.rfc3339) on"), "\(message)")
        let brought = try await database.texts(before)
        #expect(brought == ["0"])
      }
      // From there on it does what it was to do.
      #expect(try await patient.rebuildUsage(of: id, from: team.closed.end, to: end, by: Self.by).changed > 0)
      #expect(try await store.check().violations == [])
      await patient.close(within: .seconds(5))
    }
  }
}
