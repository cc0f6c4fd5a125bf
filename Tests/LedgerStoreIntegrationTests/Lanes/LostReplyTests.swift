import Ledger
import LedgerStore
import TallyTesting
import Testing

/// The network takes exactly the reply to a COMMIT: the command is run again and reads its own first outcome back
/// (docs/ledger.md, G6).
@Suite struct LostReplyTests {
  /// A command, and the state of its record after it.
  enum Step: String, CaseIterable, Sendable {
    case hold, refusal, settlement, release, doubt, evidence
  }

  @Test(arguments: Step.allCases)
  func commandWhoseCommitReplyIsLostIsDoneOnce(step: Step) async throws {
    try await withLedgerDatabase { database in
      let (relay, through) = try await FaultRelay.start(to: database.loginSettings)
      let store = try await database.openStore { $0.connection = through }
      do {
        let ledger = try await SmallLedger.make(in: store)
        let size = try await store.team(ledger.team).logSize
        relay.cut(.beforeCommitReply)
        try await run(step, ledger, store)
        #expect(relay.cutCount == 1)
        #expect(try await store.team(ledger.team).logSize == size + 1)
        let violations = try await store.check().violations
        #expect(violations == [])
      } catch {
        await store.close(within: .seconds(5))
        await relay.stop()
        throw error
      }
      await store.close(within: .seconds(5))
      await relay.stop()
    }
  }

  private func run(_ step: Step, _ ledger: SmallLedger, _ store: LedgerStore) async throws {
    let new = RecordID(bits: 0xF1)
    switch step {
    case .hold:
      guard case .held(let held) = try await store.hold(ledger.request(new)) else {
        Issue.record("not held")
        return
      }
      #expect(held.record == new)
    case .refusal:
      guard case .refused(let refused) = try await store.hold(ledger.request(new, n: 10)) else {
        Issue.record("not refused")
        return
      }
      #expect(refused.record == new)
    case .settlement:
      #expect(try await store.settle(ledger.settlement(of: ledger.held)).state == .settled)
    case .release:
      let release = ReleaseRequest(team: ledger.team, record: ledger.held, cause: .notSent)
      #expect(try await store.release(release).state == .released)
    case .doubt:
      let doubt = InDoubtRequest(team: ledger.team, record: ledger.held, cause: .timedOut)
      #expect(try await store.markInDoubt(doubt).state == .inDoubt)
    case .evidence:
      #expect(try await store.settle(ledger.settlement(of: ledger.released)).state == .released)
    }
  }
}
