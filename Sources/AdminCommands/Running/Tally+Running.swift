import ArgumentParser
import Foundation

extension Tally {
  /// Runs the program's own arguments and ends the process with the exit status of docs/command-line.md.
  package static func runAndExit() async -> Never {
    // A reader that goes away, as in `tally records list acme | head`, is no reason to die of a signal.
    signal(SIGPIPE, SIG_IGN)
    Foundation.exit(await run(Array(CommandLine.arguments.dropFirst()), on: .standard))
  }

  /// Runs one command and answers its exit status. Never throws: what went wrong is said on the console.
  package static func run(_ arguments: [String], on console: Console) async -> Int32 {
    await Console.$current.withValue(console) {
      do {
        var command = try await asyncParseAsRoot(arguments)
        if var asyncCommand = command as? any AsyncParsableCommand {
          try await asyncCommand.run()
        } else {
          try command.run()
        }
        return 0
      } catch {
        return report(error, on: console)
      }
    }
  }

  private static func report(_ error: any Error, on console: Console) -> Int32 {
    if let failure = CommandFailure(error) {
      if !failure.message.isEmpty { console.note("Error: \(failure.message)") }
      return failure.status.rawValue
    }
    let status = exitCode(for: error)
    let message = fullMessage(for: error)
    if !message.isEmpty {
      if status.isSuccess { console.line(message) } else { console.note(message) }
    }
    return status.rawValue
  }
}
