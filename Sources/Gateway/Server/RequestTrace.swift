package import Ledger
package import LedgerStore
import Synchronization

/// What became known of a request on its way, for its one line in the log: ids only, nothing personal.
package final class RequestTrace: Sendable {
  private struct Notes {
    var team: TeamID?
    var key: KeyID?
    var record: RecordID?
    var code: ErrorCode?
    var isBodyRead = false
  }

  private let notes = Mutex(Notes())

  /// A trace with nothing in it.
  package init() {}

  /// Whose request it is.
  package func note(_ principal: Principal) {
    notes.withLock { notes in
      notes.team = principal.team
      notes.key = principal.key
    }
  }

  /// Which record it made or asked for.
  package func note(_ record: RecordID) {
    notes.withLock { $0.record = record }
  }

  /// That the request's body was read to its end.
  func noteBodyRead() {
    notes.withLock { $0.isBodyRead = true }
  }

  /// Whether it was.
  var isBodyRead: Bool {
    notes.withLock { $0.isBodyRead }
  }

  /// Which error was answered.
  func note(_ code: ErrorCode) {
    notes.withLock { $0.code = code }
  }

  /// What is known, as names and values for a log line.
  var fields: [(name: String, value: String)] {
    let notes = notes.withLock { $0 }
    var fields: [(name: String, value: String)] = []
    if let team = notes.team { fields.append(("team", team.description)) }
    if let key = notes.key { fields.append(("key", key.description)) }
    if let record = notes.record { fields.append(("record", record.description)) }
    if let code = notes.code { fields.append(("error", code.text)) }
    return fields
  }
}
