import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing

@Suite struct LaneTests {
  /// Locks a team's row from outside until told.
  private func lock(_ team: TeamID, in test: TestStore) async throws -> Connection {
    let connection = try await test.database.connect()
    try await connection.execute(
      script: "SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0; BEGIN;"
        + "SELECT 1 FROM tally.team WHERE team_id = '\(team)' FOR UPDATE")
    return connection
  }

  @Test func aBatchIsTwoRoundTripsWhateverItsSize() async throws {
    try await withTestStore(laneCount: 1) { test in
      var people: [TestStore.Person] = []
      for _ in 0..<50 { people.append(try await test.makePerson(limit: 1_000_000)) }
      let blocked = try await test.makePerson()
      let before = await test.store.laneRoundTrips
      let lock = try await lock(blocked.team, in: test)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { _ = try await test.hold(blocked) }
        while await test.store.laneRoundTrips == before { await Task.yield() }
        for person in people {
          for _ in 0..<2 { group.addTask { _ = try await test.hold(person) } }
        }
        while await test.store.waitingCommands < 100 { await Task.yield() }
        try await lock.rollback()
        try await group.waitForAll()
      }
      await lock.close()
      // Two for the one that was blocked, two for the hundred over fifty teams that gathered meanwhile.
      #expect(await test.store.laneRoundTrips - before == 4)
    }
  }

  /// Three hundred holds of fifty teams that gather behind a locked one, and come in one batch of three parts.
  private func holdMany(_ test: TestStore, poisoned: RecordID? = nil) async throws -> [RecordID: StoreError] {
    var requests: [HoldRequest] = []
    for _ in 0..<50 {
      let person = try await test.makePerson(limit: 1_000_000)
      for _ in 0..<6 { requests.append(test.request(person)) }
    }
    if let poisoned {
      requests[200].record = poisoned
      requests[200].n = 7
    }
    let blocked = try await test.makePerson()
    let before = await test.store.laneRoundTrips
    let lock = try await lock(blocked.team, in: test)
    let failed = try await withThrowingTaskGroup(of: (RecordID, StoreError?).self) { group in
      group.addTask {
        _ = try await test.hold(blocked)
        return (RecordID(bits: 0), nil)
      }
      while await test.store.laneRoundTrips == before { await Task.yield() }
      for request in requests {
        group.addTask {
          do throws(StoreError) {
            guard case .held = try await test.store.hold(request) else {
              return (request.record, StoreError(.database))
            }
            return (request.record, nil)
          } catch {
            return (request.record, error)
          }
        }
      }
      while await test.store.waitingCommands < requests.count { await Task.yield() }
      try await lock.rollback()
      var failed: [RecordID: StoreError] = [:]
      for try await (record, error) in group { failed[record] = error }
      return failed
    }
    await lock.close()
    return failed
  }

  @Test func aLargeBatchWritesInPartsAndIsOneTransaction() async throws {
    try await withTestStore(laneCount: 1) { test in
      let before = await test.store.laneStatistics
      let failed = try await holdMany(test)
      #expect(failed.isEmpty)
      let after = await test.store.laneStatistics
      #expect(after.largestBatch == 300)
      // Making the people takes two for each command; a load and three parts of holds come to four.
      let people = 51 * 3
      #expect(after.roundTrips - before.roundTrips == people * 2 + 2 + 4)
      let violations = try await test.store.check().violations
      #expect(violations == [])
    }
  }

  @Test func rowsThatTheDatabaseRefusesInAPartFailAlone() async throws {
    try await withTestStore(laneCount: 1) { test in
      let owner = try await test.database.connect()
      try await owner.execute(script: "ALTER TABLE tally.record ADD CONSTRAINT trap CHECK (n <> 7)")
      let poisoned = RecordID(bits: 0xF7)
      let failed = try await holdMany(test, poisoned: poisoned)
      #expect(Array(failed.keys) == [poisoned])
      let count = Statement<Int64>("count", "SELECT count(*) FROM tally.record WHERE state = 'held'") {
        row throws(PostgresError) in try row.next()
      }
      let held = try await owner.query(count)
      #expect(held == [300])
      await owner.close()
      let violations = try await test.store.check().violations
      #expect(violations == [])
    }
  }

  @Test func aLockedTeamIsToldAndDelaysNobodyElse() async throws {
    try await withTestStore(laneCount: 1) { test in
      let blocked = try await test.makePerson()
      let free = try await test.makePerson()
      let held = try await test.hold(blocked)
      let lock = try await lock(blocked.team, in: test)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          let error = await #expect(throws: StoreError.self) { try await test.hold(blocked) }
          #expect(error?.reason == .unavailable(mayBeHeld: false))
        }
        group.addTask { _ = try await test.hold(free) }
        // A settlement of the locked team waits and is tried again.
        group.addTask {
          let settled = try await test.store.settle(test.settlement(blocked, held.record))
          #expect(settled.state == .settled)
        }
        group.addTask {
          while await test.store.laneRoundTrips < 1 { await Task.yield() }
          _ = try await test.hold(free)
          try await lock.rollback()
        }
        try await group.waitForAll()
      }
      await lock.close()
    }
  }

  @Test func aTerminatedBackendIsReplacedWithoutAnError() async throws {
    try await withTestStore(laneCount: 1) { test in
      let person = try await test.makePerson()
      _ = try await test.hold(person)
      _ = try await test.count(
        """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()
        """)
      _ = try await test.hold(person)
    }
  }

  @Test func oneBadCommandOfABatchFailsAlone() async throws {
    try await withTestStore(laneCount: 1) { test in
      let person = try await test.makePerson()
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<20 {
          let user = number == 7 ? person.userID : "user-\(number)"
          group.addTask {
            do throws(StoreError) {
              _ = try await test.store.addMember(
                NewMember(team: person.team, id: MemberID(bits: .random()), userID: user, userName: "Jane"),
                by: test.administrator)
              return true
            } catch {
              guard case .conflict = error.reason else { throw error }
              return false
            }
          }
        }
        let added = try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        #expect(added == 19)
      }
    }
  }

  @Test func everyTeamRowOfABatchIsWrittenEvenWithoutALine() async throws {
    try await withTestStore(laneCount: 1) { test in
      let person = try await test.makePerson()
      let request = test.request(person)
      _ = try await test.store.hold(request)
      let version = try await test.count("SELECT xmin::text::bigint FROM tally.team")
      _ = try await test.store.hold(request)
      #expect(try await test.count("SELECT xmin::text::bigint FROM tally.team") != version)
    }
  }

  @Test func holdsSettlementsAndLimitChangesKeepTheLogWithoutGaps() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson(limit: 100 * TestStore.price)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<60 {
          group.addTask {
            let held = try await test.hold(person)
            if number.isMultiple(of: 3) {
              _ = try await test.store.release(
                ReleaseRequest(team: person.team, record: held.record, cause: .upstreamRefused))
            } else {
              _ = try await test.store.settle(test.settlement(person, held.record))
            }
          }
        }
        try await group.waitForAll()
      }
      let size = try await test.count("SELECT log_size FROM tally.team")
      #expect(size == 3 + 120)
      #expect(try await test.count("SELECT count(*) FROM tally.log_line") == size)
      #expect(try await test.count("SELECT max(index) FROM tally.log_line") == size - 1)
      let book = try TeamBook.replay(lines: try await test.lines())
      #expect(book.checkInvariants().isEmpty)
      let used = try await test.count("SELECT used FROM tally.budget WHERE scope = 'member'")
      #expect(used == 40 * TestStore.price)
      #expect(book.budgets.newest(of: .member(person.member))?.used == Credits(used))
    }
  }
}
