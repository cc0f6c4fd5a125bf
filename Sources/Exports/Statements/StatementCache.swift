import Ledger
import Synchronization

/// Statements of closed months, which never change again.
final class StatementCache: Sendable {
  /// Which statement.
  struct Key: Hashable {
    var team: TeamID
    var log: String
    var end: Int64
  }

  /// The most that is kept, in bytes: statements of a few hundred teams.
  private static let maximumBytes = 32 << 20

  private struct State {
    var statements: [Key: MonthStatement] = [:]
    var order: [Key] = []
    var bytes = 0
  }

  private let state = Mutex(State())

  /// The statement that was kept; nil: none was.
  func statement(_ key: Key) -> MonthStatement? {
    state.withLock { $0.statements[key] }
  }

  /// Keeps a statement, and forgets the oldest ones where there is no room.
  func keep(_ statement: MonthStatement, _ key: Key) {
    let size = statement.json.count + statement.table.count
    guard size <= Self.maximumBytes / 4 else { return }
    state.withLock { state in
      guard state.statements[key] == nil else { return }
      state.statements[key] = statement
      state.order.append(key)
      state.bytes += size
      while state.bytes > Self.maximumBytes {
        guard let old = state.statements.removeValue(forKey: state.order.removeFirst()) else { break }
        state.bytes -= old.json.count + old.table.count
      }
    }
  }
}
