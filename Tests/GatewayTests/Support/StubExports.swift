import Exports
import Gateway
import Ledger
import LedgerStore
import Synchronization
import TransparencyLog

/// Exports that answer what a test wants, and remember what was asked.
final class StubExports: ExportAccess {
  struct State {
    var requests: [ExportRequest] = []
    var noted: [Administrator] = []
    var readings: [String] = []
    var failure: (any Error)?
    var statement: MonthStatement?
    /// What each export tells of when it is half written, and then waits for, in their order.
    var gates: [(isInside: Promise<Void>, goOn: Promise<Void>)] = []
    /// The exports that go on until nobody takes them, in their order: each tells that it was cut.
    var endless: [Promise<Void>] = []
  }

  let state = Mutex(State())

  func plan(_ request: ExportRequest, now: Timestamp) async throws -> ExportPlan {
    try state.withLock { state in
      state.requests.append(request)
      if let failure = state.failure { throw failure }
    }
    let state = LogState(origin: "tally.local/team", size: 40, peaks: Peaks(), lastAt: now)
    return ExportPlan(
      request: request, source: TeamLog(team: request.team, state: state), from: 12, to: 34, start: 7)
  }

  func note(_ plan: ExportPlan, id: NoteID, by administrator: Administrator) async throws {
    state.withLock { $0.noted.append(administrator) }
  }

  func write(
    _ plan: ExportPlan, by folder: String, now: Timestamp, _ write: ([UInt8]) async throws -> Void
  ) async throws {
    try await write(Array("first\n".utf8))
    if let cut = state.withLock({ $0.endless.isEmpty ? nil : $0.endless.removeFirst() }) {
      defer { cut.fulfil(()) }
      while true { try await write([UInt8](repeating: UInt8(ascii: "x"), count: 64 << 10)) }
    }
    let gate = state.withLock { $0.gates.isEmpty ? nil : $0.gates.removeFirst() }
    gate?.isInside.fulfil(())
    _ = await gate?.goOn.value()
    try await write(Array("second\n".utf8))
  }

  func statement(of team: TeamID, _ month: CalendarMonth, now: Timestamp) async throws -> MonthStatement? {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      return state.statement
    }
  }

  func noteReading(
    of report: String, at moment: Timestamp, team: TeamID, by administrator: Administrator
  ) async throws {
    state.withLock { $0.readings.append(report) }
  }
}
