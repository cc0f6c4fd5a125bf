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
    output: { write($0, to: .standardOutput) },
    // Where nobody can be told there is nothing left to do.
    error: { try? FileHandle.standardError.write(contentsOf: Data($0.utf8)) })

  /// A reader who has seen enough (`| head`) closes the pipe: the command goes on to its own end and exit status. Any other
  /// failure, a full disk say, must not look like a whole result.
  private static func write(_ text: String, to file: FileHandle) {
    do {
      try file.write(contentsOf: Data(text.utf8))
    } catch {
      let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
      if cause.domain == NSPOSIXErrorDomain, cause.code == Int(EPIPE) { return }
      try? FileHandle.standardError.write(contentsOf: Data("Error: the output cannot be written\n".utf8))
      exit(1)
    }
  }

  /// The console of the command that runs in this task. Tests bring one that remembers.
  @TaskLocal package static var current = Console.standard

  /// Writes a line to standard output.
  func line(_ text: String) {
    writeOutput(text + "\n")
  }

  /// Writes a text that ends with its own line feed to standard output.
  func text(_ text: String) {
    writeOutput(text)
  }

  /// Writes a line to standard error.
  func note(_ text: String) {
    writeError(text + "\n")
  }
}
