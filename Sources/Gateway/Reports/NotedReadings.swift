import Ledger
import LedgerStore
import Synchronization

/// Which readings of reports were told of already in this hour: the log has one line for each, and only the first of an
/// hour has to wait for it.
final class NotedReadings: Sendable {
  /// Readings that are remembered; over it all are forgotten, and the ledger, which knows them too, is asked again.
  private static let maximum = 50_000

  /// One reader of one report.
  struct Reading: Hashable {
    var key: KeyID
    /// The report's name in the line.
    var report: String
  }

  private struct State {
    var hour: Int64 = 0
    var readings: Set<Reading> = []
  }

  private let state = Mutex(State())

  /// Tells the log of a reading, before it is answered: once for each reader, report and hour.
  func tell(
    of report: String, by principal: Principal, at moment: Timestamp, _ ledger: any ReadingAccess
  ) async throws(StoreError) {
    let reading = Reading(key: principal.key, report: report)
    guard !isNoted(reading, at: moment) else { return }
    _ = try await ledger.noteReading(of: report, at: moment, of: principal.team, by: Administrator(principal))
    note(reading, at: moment)
  }

  /// Whether the reading was told of in the hour of `moment`.
  func isNoted(_ reading: Reading, at moment: Timestamp) -> Bool {
    state.withLock { $0.hour == Self.hour(moment) && $0.readings.contains(reading) }
  }

  /// Remembers that it was.
  func note(_ reading: Reading, at moment: Timestamp) {
    state.withLock { state in
      let hour = Self.hour(moment)
      if state.hour != hour || state.readings.count >= Self.maximum {
        state = State(hour: hour)
      }
      state.readings.insert(reading)
    }
  }

  private static func hour(_ moment: Timestamp) -> Int64 {
    moment.microseconds / (3_600 * Timestamp.microsecondsPerSecond)
  }
}
