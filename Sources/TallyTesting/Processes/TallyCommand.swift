package import Foundation

/// Runs `tally` for one command, as a person or a script would.
package struct TallyCommand: Sendable {
  /// Where files of the runs go.
  package var folder: URL
  /// Address of the database; nil: what `dataFolder` says.
  package var databaseURL: String?
  /// The data folder, where one is meant.
  package var dataFolder: URL?

  /// What a command answered.
  package struct Answer: Sendable {
    /// Exit status.
    package var status: Int32
    /// Standard output.
    package var output: String
    /// Standard error.
    package var errors: String

    /// The output read as JSON, whatever the status.
    package var json: JSONNode { JSONNode(parsing: Data(output.utf8)) }
  }

  /// A runner whose commands use this database or data folder.
  package init(folder: URL, databaseURL: String? = nil, dataFolder: URL? = nil) {
    self.folder = folder
    self.databaseURL = databaseURL
    self.dataFolder = dataFolder
  }

  /// Runs a command to its end.
  ///
  /// Throws `ProcessFailure` when it takes longer than `limit`.
  package func run(
    _ arguments: [String], environment: [String: String] = [:], within limit: Duration = .seconds(120)
  ) async throws -> Answer {
    var all = environment
    all["TALLY_DATABASE_URL"] = databaseURL ?? environment["TALLY_DATABASE_URL"]
    all["TALLY_DATA_DIR"] = dataFolder?.path ?? folder.appending(path: "data").path
    let name = "command-\(UInt32.random(in: .min ... .max))"
    let process = try ChildProcess(
      try BuiltProducts.tally(), arguments: arguments, environment: all, folder: folder, name: name)
    do {
      let status = try await process.waitForExit(within: limit)
      return Answer(status: status, output: process.output, errors: process.log)
    } catch {
      await process.stop(within: .seconds(5))
      throw ProcessFailure("tally \(arguments.joined(separator: " ")): \(error)\n\(process.log.suffix(4_000))")
    }
  }

  /// Runs a command that must succeed, with `--json`, and answers what it printed.
  ///
  /// Throws `ProcessFailure` with its errors when it does not exit with 0.
  package func json(_ arguments: String...) async throws -> JSONNode {
    let answer = try await run(arguments + ["--json"])
    guard answer.status == 0 else {
      throw ProcessFailure("tally \(arguments.joined(separator: " ")): exit \(answer.status)\n\(answer.errors)")
    }
    return answer.json
  }
}
