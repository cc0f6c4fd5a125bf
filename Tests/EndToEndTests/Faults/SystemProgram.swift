import Foundation
import TallyTesting

/// Runs programs of the system that arrange a fault.
enum SystemProgram {
  /// Runs one to its end.
  /// - Returns: its exit status; -1 where this machine does not have it.
  static func run(_ program: String, _ arguments: [String]) async throws -> Int32 {
    let folder = try TemporaryFolder()
    for place in ["/usr/bin", "/bin", "/usr/sbin"]
    where FileManager.default.isExecutableFile(atPath: "\(place)/\(program)") {
      let process = try ChildProcess(
        URL(filePath: "\(place)/\(program)"), arguments: arguments, folder: folder.url, name: program)
      let status = try await process.waitForExit()
      withExtendedLifetime(folder) {}
      return status
    }
    return -1
  }
}
