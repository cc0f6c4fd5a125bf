package import Foundation

/// A running `tally sandbox` with a truth log.
package final class SandboxProcess: Sendable {
  /// The process.
  package let process: ChildProcess
  /// Where it listens.
  package let address: String
  /// What really reached it.
  package let truthLog: TruthLog

  private init(process: ChildProcess, address: String, truthLog: TruthLog) {
    self.process = process
    self.address = address
    self.truthLog = truthLog
  }

  /// Starts a sandbox in `folder` with its fault options, such as `["--latency", "50"]`.
  /// - Parameters:
  ///   - port: where to listen; 0: any free port.
  ///   - name: of the process in messages and of its log.
  ///   - truthLog: the file of its truth log; nil: one of its own.
  ///
  /// Throws `ProcessFailure` with its log when it does not come up.
  package static func start(
    _ arguments: [String] = [], in folder: URL, port: Int = 0, name: String = "sandbox", truthLog: URL? = nil
  ) async throws -> SandboxProcess {
    let log = truthLog ?? folder.appending(path: "\(name)-truth.jsonl")
    let process = try ChildProcess(
      try BuiltProducts.tally(),
      arguments: ["sandbox", "--listen", "127.0.0.1:\(port)", "--truth-log", log.path] + arguments,
      folder: folder, name: name)
    do {
      let address = try await process.listeningAddress(within: TallyProcess.startLimit)
      return SandboxProcess(process: process, address: address, truthLog: TruthLog(file: log))
    } catch {
      await process.stop(within: .seconds(5))
      throw error
    }
  }

  /// Ends it.
  package func stop() async {
    await process.stop()
  }
}
