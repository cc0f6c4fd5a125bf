import Glibc

/// A server of an earlier run on the same data: its owner was killed, and it is still shutting down, or did not notice.
struct SurvivingServer: Sendable {
  /// How often to look whether it has gone. It is no child of ours, so nobody tells us.
  private static let lookInterval: Duration = .milliseconds(20)

  let process: pid_t

  /// Looks for a server that works in this folder.
  /// - Parameter cluster: the cluster's folder, without symbolic links.
  static func find(cluster: String) throws(EmbeddedPostgresError) -> SurvivingServer? {
    guard let text = try TextFile.read(cluster + "/postmaster.pid"),
      let process = text.split(separator: "\n").first.flatMap({ pid_t($0) }), process > 0
    else { return nil }
    let server = SurvivingServer(process: process)
    return server.isRunning(in: cluster) ? server : nil
  }

  /// A server's present folder is its cluster; the number alone could be another process's by now.
  private func isRunning(in cluster: String) -> Bool {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/\(process)/cwd", &buffer, buffer.count)
    return count > 0 && buffer[..<count].elementsEqual(cluster.utf8.map { CChar(bitPattern: $0) })
  }

  /// Stops it: politely, then firmly, then by force. Committed work survives all three.
  /// - Parameter patience: how long each step is waited for.
  /// - Throws: `serverNotStopped`, `CancellationError`.
  func stop(cluster: String, patience: Duration) async throws {
    for signal in ServerSignal.allCases {
      kill(process, signal.number)
      let deadline = ContinuousClock.now + patience
      while ContinuousClock.now < deadline {
        guard isRunning(in: cluster) else { return }
        try await Task.sleep(for: Self.lookInterval)
      }
    }
    throw EmbeddedPostgresError(
      .serverNotStopped, "A PostgreSQL of an earlier run (process \(process)) does not end. Stop it by hand.")
  }
}
