import Ledger
import LedgerStore
import Postgres

/// One backend of the simulated database, as the server sees it.
final class DatabaseSession {
  struct Message {
    var request: DatabaseServer.Request
    /// The SQLSTATE with which it is going to fail.
    var failure: String?
    var reply: DatabaseServer.Reply
  }

  /// Requests that have arrived and are not begun.
  var inbox: [Message] = []
  /// How many were begun.
  var requests = 0
  /// A transaction with loaded teams is open.
  var isOpen = false
  /// What the open transaction has written so far; its constraints are looked at with the last of it.
  var rows: [LaneWrites] = []
  /// It waits for a lock.
  var isWaiting = false
  /// The client has closed its end.
  var isClosing = false
  /// The backend has ended.
  var isGone = false
  /// Locks that it has.
  var locked: [TeamID] = []
  /// Locks that it still wants, in this order.
  var wanted: [TeamID] = []
  /// Loads and replies, when it has all locks.
  var load: (() -> Void)?
  /// Replies that the load failed.
  var fail: ((PostgresError) -> Void)?

  /// Everything that the transaction writes, in its order.
  func takeRows(before last: LaneWrites) -> LaneWrites {
    var writes = last
    writes.newRecords = rows.flatMap(\.newRecords) + last.newRecords
    writes.changedRecords = rows.flatMap(\.changedRecords) + last.changedRecords
    writes.lines = rows.flatMap(\.lines) + last.lines
    writes.assets = rows.flatMap(\.assets) + last.assets
    rows = []
    return writes
  }
}
