import Foundation

/// Where a command writes: results to standard output and nothing else there, all other words to standard error.
package struct Console: Sendable {
  private let writeOutput: @Sendable (String) -> Void
  private let writeError: @Sendable (String) -> Void

  /// A console with these two ends.
  package init(output: @escaping @Sendable (String) -> Void, error: @escaping @Sendable (String) -> Void) {
    writeOutput = output
    writeError = error
  }

  /// The process's own.
  package static let standard = Console(
    output: { FileHandle.standardOutput.write(Data($0.utf8)) },
    error: { FileHandle.standardError.write(Data($0.utf8)) })

  /// The console of the command that runs in this task. Tests bring one that remembers.
  @TaskLocal package static var current = Console.standard

  /// Writes a line to standard output.
  func line(_ text: String) {
    writeOutput(text + "\n")
  }

  /// Writes a line to standard error.
  func note(_ text: String) {
    writeError(text + "\n")
  }
}
