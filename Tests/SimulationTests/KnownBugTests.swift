import Gateway
import Ledger
import LedgerStore
import Testing
import Upstream

/// Bugs that a credit ledger can have, put where the simulation meets the product: it must find each within the seeds
/// that CI runs.
@Suite struct KnownBugTests {
  /// Credits given back because the upstream did not answer in time: it may have done the work.
  @Test func aReleaseOnTimeOutIsFound() {
    var bugs = Bugs()
    bugs.verdict = { outcome in
      var verdict = EditVerdict(outcome)
      if case .unknown(let uncertainty) = outcome, uncertainty.cause == .timedOut { verdict.step = .release(.notSent) }
      return verdict
    }
    #expect(isFound(bugs))
  }

  /// A cut connection taken for a rollback: the hold whose client was told that there is none may be there.
  @Test func aLostCommitReplyTakenForARollbackIsFound() {
    var bugs = Bugs()
    bugs.fault = { error, roundTrip in
      var fault = LaneFault(error, in: roundTrip)
      if fault.kind == .unknown { fault.kind = .blocked }
      return fault
    }
    #expect(isFound(bugs))
  }

  /// Recovery that takes a dead gateway's edits for unsent without looking into its notes: the upstream may be at work.
  @Test func aRecoveryThatIgnoresDispatchNotesIsFound() {
    var bugs = Bugs()
    bugs.recovery = { effect in
      guard case .book(let booking) = effect, case .doubt(let doubt) = booking.booking, doubt.cause == .leaseEnded
      else {
        return effect
      }
      let release = ReleaseRequest(team: doubt.team, record: doubt.record, cause: .withdrawn)
      return .book(RecoveryBooking(.release(release), booking.reason))
    }
    #expect(isFound(bugs))
  }

  private func isFound(_ bugs: Bugs) -> Bool {
    (1...SimulationSettings.defaultSeedCount).contains { !Simulation.run(seed: $0, bugs: bugs).violations.isEmpty }
  }
}
