import Ledger
import LedgerStore
import TallyTesting
import Testing

/// Leases of gateways, on the database's clock (docs/ledger.md, "Who is at work").
@Suite struct InstanceTests {
  @Test func leaseRunsFromTheDatabasesClockAndIsRenewed() async throws {
    try await withTestStore { test in
      let instance = test.store.settings.instance
      #expect(try await test.store.instanceLease(instance) == nil)
      #expect(try await !test.store.renewInstance(lease: .seconds(15)))
      try await test.store.beginInstance(bootID: "boot", lease: .seconds(15))
      let lease = try #require(try await test.store.instanceLease(instance))
      #expect(lease.leaseUntil == lease.startedAt.adding(seconds: 15))
      #expect(!lease.hasEnded && lease.bootID == "boot")
      #expect(try await test.store.renewInstance(lease: .seconds(60)))
      let renewed = try #require(try await test.store.instanceLease(instance))
      #expect(renewed.leaseUntil > lease.leaseUntil)
      // A shorter one never takes back what was promised.
      #expect(try await test.store.renewInstance(lease: .seconds(1)))
      #expect(try await test.store.instanceLease(instance)?.leaseUntil == renewed.leaseUntil)
    }
  }

  @Test func endedLeaseHasEndedAtOnce() async throws {
    try await withTestStore { test in
      let instance = test.store.settings.instance
      try await test.store.beginInstance(bootID: "boot", lease: .seconds(15))
      try await test.store.endInstance(instance)
      #expect(try await test.store.instanceLease(instance)?.hasEnded == true)
      await #expect(throws: StoreError.self) {
        try await test.store.beginInstance(bootID: "boot", lease: .seconds(15))
      }
    }
  }

  /// What is decided by a clock that is far ahead would last until the others get there: leases, doubts that are put off.
  @Test func nothingIsDecidedByAClockThatIsFarOff() async throws {
    try await withTestStore { test in
      var settings = test.store.settings
      settings.instance = InstanceID(bits: .random())
      settings.now = { LedgerStoreSettings.systemClock().adding(seconds: -400) }
      let store = try await LedgerStore.open(settings, logger: LedgerDatabase.logger)
      await #expect(throws: StoreError.self) { try await store.beginInstance(bootID: "boot", lease: .seconds(15)) }
      await #expect(throws: StoreError.self) { _ = try await store.allHeldEdits() }
      await #expect(throws: StoreError.self) { _ = try await store.dueDoubts(limit: 10) }
      await store.close(within: .seconds(1))
      #expect(try await test.store.instanceLease(settings.instance) == nil)
    }
  }

  @Test func pruningRemovesOnlyRunsThatEndedLongAgo() async throws {
    try await withTestStore { test in
      try await test.store.beginInstance(bootID: "boot", lease: .seconds(15))
      let now = try await test.store.databaseClock()
      #expect(try await test.store.pruneInstances(endedBefore: now, limit: 10) == 0)
      #expect(try await test.store.pruneInstances(endedBefore: now.adding(seconds: 60), limit: 10) == 1)
    }
  }
}
