import Gateway
import Ledger
import LedgerStore

/// What a gateway asks of the ledger's store outside of the lanes: each question reads the database's clock first and
/// then runs its statement, as `LedgerStore` does, on a connection of the pool.
struct SimulatedStore {
  let process: SimulatedProcess
  private var world: World { process.world }

  /// Asks; nil where there is no answer.
  func ask<Value>(
    _ body: @escaping (inout SimulatedTables, Timestamp) -> Value, answer: @escaping (Value?) -> Void
  ) {
    guard let connection = DatabaseConnection(owner: process) else {
      return process.after(world.networkDelay()) { answer(nil) }
    }
    var now: Timestamp?
    run(connection) {
      now = $1
    } answer: { isThere in
      guard isThere, let now, isBelievable(now) else { return answer(nil) }
      var value: Value?
      run(connection) { tables, _ in
        value = body(&tables, now)
      } answer: { isThere in
        connection.close()
        answer(isThere ? value : nil)
      }
    }
  }

  /// What `LedgerStore.databaseClock` takes.
  private func isBelievable(_ now: Timestamp) -> Bool {
    abs(now.microseconds - world.clock.wall.microseconds) <= LaneMachine.maximumClockDifferenceMicroseconds
  }

  private func run(
    _ connection: DatabaseConnection, _ body: @escaping (inout SimulatedTables, Timestamp) -> Void,
    answer: @escaping (Bool) -> Void
  ) {
    connection.send(.statement(body)) { result in
      if case .failure = result {
        connection.close()
        answer(false)
      } else {
        answer(true)
      }
    }
  }

  /// Everything that is held, team by team.
  func findAll(_ answer: @escaping (HeldEdits?) -> Void) {
    ask { tables, now in
      (tables.logSizes, now)
    } answer: { found in
      guard let (sizes, now) = found else { return answer(nil) }
      find(sizes[...], now, [], answer)
    }
  }

  private func find(
    _ sizes: ArraySlice<(team: TeamID, size: Int64)>, _ now: Timestamp, _ found: [OpenEdit],
    _ answer: @escaping (HeldEdits?) -> Void
  ) {
    guard let first = sizes.first else { return answer(HeldEdits(edits: found, now: now)) }
    ask { tables, _ in
      tables.heldEdits(of: first.team, before: first.size, now: now)
    } answer: { edits in
      guard let edits else { return answer(nil) }
      find(sizes.dropFirst(), now, found + edits, answer)
    }
  }

  /// What was held from a moment on and still is.
  func sweep(from: Timestamp, lag: Duration, limit: Int, _ answer: @escaping (HeldEdits?) -> Void) {
    ask(
      { tables, now -> HeldEdits in
        let end = now.shifted(by: .zero - lag)
        guard from < end else { return HeldEdits(edits: [], now: now, upTo: from) }
        let edits = tables.heldEdits(from: from, to: end, now: now, limit: limit)
        return HeldEdits(edits: edits, now: now, upTo: edits.count == limit ? edits.last?.createdAt : end)
      }, answer: answer)
  }
}
