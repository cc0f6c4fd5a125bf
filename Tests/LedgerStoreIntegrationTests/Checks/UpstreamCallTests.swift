import Ledger
import LedgerStore
import TallyTesting
import Testing

/// The check against the upstream's own list of calls.
@Suite struct UpstreamCallTests {
  private static let ledger = SmallLedger()

  @Test(arguments: [
    ([call(ledger.refused, worked: false)], Invariant.refusedEditWasNeverSent, ledger.refused),
    ([call(ledger.refused, worked: true)], .refusedEditWasNeverSent, ledger.refused),
    ([call(ledger.released, worked: true)], .upstreamWorkIsAccountedFor, ledger.released),
    ([call(ledger.settled, worked: false)], .settledEditWasWorked, ledger.settled),
    ([call(RecordID(bits: 0xE9), worked: true)], .upstreamCallHasARecord, RecordID(bits: 0xE9)),
  ])
  func callThatTheLedgerDoesNotExplainIsNamed(
    calls: [TruthLogEntry], invariant: Invariant, record: RecordID
  ) async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      // What was charged was done, but for the record that the case is about.
      let done = [ledger.settled, ledger.credited].filter { $0 != record }.map { Self.call($0, worked: true) }
      let violations = try await store.check(truthLog: done + calls).violations
      #expect(violations.map(\.invariant) == [invariant])
      #expect(violations.map(\.subject) == ["record \(record)"])
    }
  }

  @Test func chargeWithoutAnyCallIsNamed() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let violations = try await store.check(truthLog: []).violations
      #expect(violations.map(\.invariant) == [.settledEditWasWorked, .settledEditWasWorked])
      #expect(Set(violations.map(\.subject)) == ["record \(ledger.settled)", "record \(ledger.credited)"])
    }
  }

  @Test func callThatNamesNoRecordIsNamedWhenAllTeamsAreChecked() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let calls = [
        Self.call(ledger.settled, worked: true), Self.call(ledger.credited, worked: true),
        TruthLogEntry(isEdit: true, uuid: "upstream-1", requestID: "not a uuid", worked: true),
      ]
      #expect(try await store.check(team: ledger.team, truthLog: calls).violations == [])
      let violations = try await store.check(truthLog: calls).violations
      #expect(violations.map(\.subject) == ["upstream call upstream-1"])
    }
  }

  @Test func whatAnAdministratorReleasesIsVarianceAtMost() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let by = SmallLedger.administrator
      _ = try await store.resolve(ResolveRequest(team: ledger.team, record: ledger.inDoubt, charge: nil), by: by)
      _ = try await store.resolve(ResolveRequest(team: ledger.team, record: ledger.held, charge: Credits(1)), by: by)
      let calls = [ledger.settled, ledger.credited, ledger.inDoubt].map { Self.call($0, worked: true) }
      let report = try await store.check(truthLog: calls)
      #expect(report.violations == [])
      #expect(
        report.variances == [
          Variance(team: ledger.team, record: ledger.inDoubt, credits: nil, reason: .releasedByAdministrator)
        ])
    }
  }

  private static func call(_ record: RecordID, worked: Bool) -> TruthLogEntry {
    TruthLogEntry(isEdit: true, uuid: "upstream", requestID: "\(record)", worked: worked)
  }
}
