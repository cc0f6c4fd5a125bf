import Gateway
import Ledger
import LedgerStore
import Postgres

extension Auditor {
  /// A lane asks for an operator.
  func alerted(_ alert: LaneAlert) {
    switch alert {
    case .unknownHold(let record):
      // An edit whose hold was never committed may be released: nobody knew. A charge without its hold is a loss.
      if histories[record]?.held == nil, world.upstream.calls[record] != nil {
        world.violate("\(record.short) was sent and has no hold")
      }
    case .fault(let fault) where fault.error.constraintName != nil:
      world.violate("a command breaks the constraint \(fault.error.constraintName ?? "")")
    case .fault, .variance, .clockDifference: break
    }
  }

  /// Recovery asks for an operator: no fault that is simulated may bring it that far.
  func alerted(_ alert: RecoveryAlert) {
    world.log("recovery", "alert \(alert)")
    switch alert {
    case .unreadableJournal: break
    case .unknownRun, .journalRefused: world.violate("recovery alerts: \(alert)")
    }
  }

  /// An edit's first byte goes out (docs/ledger.md, G2).
  func upstreamCalled(team: TeamID, record: RecordID, isFirst: Bool) {
    guard let history = histories[record], history.team == team, history.held != nil else {
      return world.violate("\(record.short) is sent without a committed hold")
    }
    if let released = history.released, released.cause != .administrator {
      world.violate("\(record.short) is sent after it was released (\(released.cause))")
    }
    if !isFirst { world.violate("\(record.short) is sent twice") }
    if let run = history.held?.instance { checkLease(of: run, sending: record) }
  }

  /// The upstream did the work of an edit: only an administrator can have given its credits back.
  func upstreamWorked(_ record: RecordID) {
    guard let released = histories[record]?.released, released.cause != .administrator else { return }
    world.violate("the upstream does the work of \(record.short), which was released (\(released.cause))")
  }

  /// A gateway tells its client what became of an edit: success only after its commit (docs/ledger.md, G6).
  func answered(_ answer: SimulatedAnswer, record: RecordID) {
    let history = histories[record]
    checkClaim(answer, record)
    switch answer {
    case .charged(let charge):
      if history?.settled?.charge != charge { world.violate("\(record.short) is told to be charged, and is not") }
    case .refused:
      if history?.refused == nil { world.violate("\(record.short) is told to be refused, and is not") }
    case .released:
      if history?.released == nil { world.violate("\(record.short) is told to be released, and is not") }
    case .unavailable(mayBeHeld: false):
      unheld.insert(record)
      if history?.held != nil { world.violate("\(record.short) is told to have no hold, and has one") }
    case .processing:
      if history?.held == nil { world.violate("\(record.short) is told to be held, and is not") }
    case .repeated(let other, let state): check(other, isToldToBe: state)
    case .unavailable, .inDoubt, .notAllowed, .keyReused: break
    }
  }

  /// What is told of an edit that a key stands for, which may have gone on meanwhile.
  private func check(_ record: RecordID, isToldToBe state: EditState) {
    let history = histories[record]
    let isTrue =
      switch state {
      case .held: history?.held != nil
      case .inDoubt: history?.inDoubtAt != nil
      case .settled: history?.settled != nil
      case .released: history?.released?.cause.isSticky == true
      case .refused: history?.refused != nil
      }
    if !isTrue { world.violate("\(record.short) is told to be \(state.rawValue) under its key, and is not") }
  }
}
