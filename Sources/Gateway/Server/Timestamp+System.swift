package import Ledger
import LedgerStore

extension Timestamp {
  /// The machine's time of day.
  package static func ofSystem() -> Timestamp {
    LedgerStoreSettings.systemClock()
  }
}
