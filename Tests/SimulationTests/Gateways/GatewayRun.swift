import Ledger
import LedgerStore

/// One run of a gateway, from its start to its end: its process, its lease and its lanes.
final class GatewayRun {
  private static let laneCount = 2
  private static let holdTimeout: Duration = .seconds(5)
  private static let settleTimeout: Duration = .seconds(10)

  let instance: InstanceID
  let process: SimulatedProcess
  private let lanes: [SimulatedLane]
  /// Until when it may send, on its own clock.
  var leaseUntil = Duration.zero
  /// It is entered in the database and takes edits.
  var hasBegun = false
  /// Edits that are under way.
  var editCount = 0

  init(_ process: SimulatedProcess) {
    self.process = process
    let instance = InstanceID(bits: process.world.random.bits())
    self.instance = instance
    lanes = (0..<Self.laneCount).map { _ in
      SimulatedLane(
        process,
        machine: LaneMachine(
          environment: .simulated(instance, process.world),
          queue: LaneQueue(maximumWaiting: 100, maximumWaitingPerTeam: 20), maximumBatch: 8, maximumPart: 2))
    }
  }

  var isIdle: Bool { hasBegun && editCount == 0 && lanes.allSatisfy(\.isIdle) }

  private func lane(of team: TeamID) -> SimulatedLane { lanes[Int(team.bits % UInt128(lanes.count))] }

  /// Asks for a hold, as `LedgerStore.hold` does.
  func hold(_ request: HoldRequest, _ answer: @escaping (Result<HoldAnswer, StoreError>) -> Void) {
    lane(of: request.team).submit(.hold(request), timeout: Self.holdTimeout) { result in
      switch result {
      case .success(.held(let edit)): answer(.success(.held(edit)))
      case .success(.refused(let edit)): answer(.success(.refused(edit)))
      case .success(.repeated(let edit)): answer(.success(.repeated(edit)))
      case .success: answer(.failure(StoreError(.conflict("the record was resolved already"))))
      case .failure(let error): answer(.failure(error))
      }
    }
  }

  /// Books what is known of an edit, as `LedgerStore.book` does.
  func book(
    _ booking: Booking, _ patience: BookingPatience, _ answer: @escaping (Result<BookingAnswer, StoreError>) -> Void
  ) {
    let timeout = patience == .prompt ? Self.settleTimeout : nil
    lane(of: booking.team).submit(booking.command, timeout: timeout) { result in
      switch result {
      case .success(.resolved(let edit)): answer(.success(.resolved(edit)))
      case .success: answer(.success(.attached))
      case .failure(let error): answer(.failure(error))
      }
    }
  }
}
