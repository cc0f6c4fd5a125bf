import Ledger
import LedgerStore

extension Auditor {
  /// Counts what a line adds to the usage buckets, a second time and from the line alone (docs/ledger.md, G7).
  func countUsage(_ event: Event, _ history: History, at moment: Timestamp) {
    switch event {
    case .refused: add(history, moment) { $0.refused += 1 }
    case .settled(let settled):
      add(history, moment) {
        $0.settled += 1
        $0.images += Int64(settled.results)
        $0.charged += settled.charge.value
      }
    case .released: add(history, moment) { $0.released += 1 }
    case .credited(let credited): add(history, moment) { $0.credited += credited.amount.value }
    case .evidence(let evidence) where evidence.credited > .zero:
      add(history, moment) { $0.credited += evidence.credited.value }
    default: break
    }
  }

  private func add(_ history: History, _ moment: Timestamp, _ change: (inout UsageCounts) -> Void) {
    guard let key = key(of: history, moment) else { return }
    change(&usage[history.team, default: [:]][key, default: UsageCounts()])
  }

  private func key(of history: History, _ moment: Timestamp) -> UsageKey? {
    let start = UsageKey.bucketStart(of: moment)
    if let held = history.held {
      return UsageKey(
        team: history.team, bucketStart: start, member: held.member, key: held.key, model: held.model,
        quality: held.quality, size: held.size)
    }
    if let refused = history.refused {
      return UsageKey(
        team: history.team, bucketStart: start, member: refused.member, key: refused.key, model: refused.model,
        quality: refused.quality, size: refused.size)
    }
    return nil
  }
}
