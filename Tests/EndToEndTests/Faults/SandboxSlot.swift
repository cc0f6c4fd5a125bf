import Foundation
import Synchronization
import TallyTesting

/// The sandbox of a fault test: always on the same port and with the same truth log, however often it is killed.
final class SandboxSlot: Sendable {
  /// Some edits take long enough to be caught in flight; some are refused, lost, or billed and denied.
  private static let arguments = [
    "--latency", "15", "--fail", "0.05", "--timeout-rate", "0.02", "--bill-then-500", "0.03",
  ]

  /// Where it listens.
  let port: Int
  /// What really reached it.
  let truthLog: TruthLog
  private let seed: UInt64
  private let folder: URL
  private let state: Mutex<(process: SandboxProcess, runs: Int)>

  private init(_ process: SandboxProcess, port: Int, seed: UInt64, folder: URL) {
    self.port = port
    self.seed = seed
    self.folder = folder
    truthLog = process.truthLog
    state = Mutex((process, 0))
  }

  /// Starts it on a free port. Throws `ProcessFailure` when it does not come up.
  static func start(seed: UInt64, in folder: URL) async throws -> SandboxSlot {
    let process = try await SandboxProcess.start(arguments + ["--seed", "\(seed)"], in: folder)
    guard let port = URL(string: process.address)?.port else { throw ProcessFailure("the sandbox has no port") }
    return SandboxSlot(process, port: port, seed: seed, folder: folder)
  }

  /// Kills it as `kill -9` does: what it was doing is done or not, as its truth log says.
  func kill() async throws {
    let process = state.withLock { $0.process }
    process.process.send(signal: SIGKILL)
    try await process.process.waitForExit()
  }

  /// Starts it again where it was killed.
  func restart() async throws {
    guard state.withLock({ $0.process }).process.exitStatus != nil else { return }
    let run = state.withLock { state in
      state.runs += 1
      return state.runs
    }
    let process = try await SandboxProcess.start(
      Self.arguments + ["--seed", "\(seed &+ UInt64(run))"], in: folder, port: port, name: "sandbox-\(run)",
      truthLog: truthLog.file)
    state.withLock { $0.process = process }
  }

  /// Ends it.
  func stop() async {
    await state.withLock { $0.process }.stop()
  }
}
