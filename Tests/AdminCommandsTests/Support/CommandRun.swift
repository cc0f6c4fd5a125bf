import AdminCommands
import Foundation
import Synchronization

/// One run of a command within the test's process, with what it wrote.
struct CommandRun: Sendable {
  let status: Int32
  let output: String
  let errors: String

  /// Runs `arguments` to their end.
  static func run(_ arguments: String...) async -> CommandRun {
    await run(arguments)
  }

  /// Runs `arguments` to their end.
  static func run(_ arguments: [String]) async -> CommandRun {
    let output = Mutex("")
    let errors = Mutex("")
    let console = Console(
      output: { text in output.withLock { $0 += text } }, error: { text in errors.withLock { $0 += text } })
    let status = await Tally.run(arguments, on: console)
    return CommandRun(status: status, output: output.withLock { $0 }, errors: errors.withLock { $0 })
  }
}

/// A new folder for one test.
func temporaryFolder() throws -> URL {
  let folder = FileManager.default.temporaryDirectory.appending(path: "tally-commands-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  return folder
}
