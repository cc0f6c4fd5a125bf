package import Foundation
import Synchronization

/// A program that a test started and ends again: its output goes to a file, so that it never waits for a reader.
package final class ChildProcess: Sendable {
  /// How often a wait looks again. Waits end as soon as what they wait for is true; nothing depends on this number.
  static let pollInterval = Duration.milliseconds(10)

  /// Name of the program, for messages.
  package let name: String
  /// The process's id.
  package let processID: Int32
  private let process: Process
  private let standardOutput: URL
  private let standardError: URL
  private let ended: EndOfProcess

  /// Starts `executable`. Only `environment` is passed on, on top of PATH, HOME and LANG.
  ///
  /// Throws what Foundation throws where the program cannot be started.
  package init(
    _ executable: URL, arguments: [String], environment: [String: String] = [:], folder: URL, name: String
  ) throws {
    self.name = name
    standardOutput = folder.appending(path: "\(name).out")
    standardError = folder.appending(path: "\(name).err")
    process = Process()
    process.executableURL = executable
    process.arguments = arguments
    var all = ["LANG": "C.UTF-8"]
    for inherited in ["PATH", "HOME", "USER", "LD_LIBRARY_PATH"] {
      all[inherited] = ProcessInfo.processInfo.environment[inherited]
    }
    process.environment = all.merging(environment) { _, own in own }
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    let writers = try [standardOutput, standardError].map { try ChildProcess.writer($0) }
    // The program has its own copies; a run of an hour starts thousands of programs.
    defer { for writer in writers { try? writer.close() } }
    process.standardOutput = writers[0]
    process.standardError = writers[1]
    let ended = EndOfProcess()
    self.ended = ended
    process.terminationHandler = { process in
      // A shell's convention: a process that a signal ended has 128 and the signal's number.
      let base: Int32 = process.terminationReason == .uncaughtSignal ? 128 : 0
      ended.set(base + process.terminationStatus)
    }
    try process.run()
    processID = process.processIdentifier
  }

  /// All that the program wrote to standard output so far.
  package var output: String {
    (try? String(contentsOf: standardOutput, encoding: .utf8)) ?? ""
  }

  /// All that the program wrote to standard error so far: its log.
  package var log: String {
    (try? String(contentsOf: standardError, encoding: .utf8)) ?? ""
  }

  /// Exit status, or nil while it runs.
  package var exitStatus: Int32? {
    ended.status
  }

  /// Sends a signal; does nothing when the program has ended.
  package func send(signal: Int32) {
    guard exitStatus == nil else { return }
    kill(processID, signal)
  }

  /// Waits for the program's end and answers its exit status.
  ///
  /// Throws `ProcessFailure` when it still runs after `limit`.
  @discardableResult
  package func waitForExit(within limit: Duration = .seconds(60)) async throws -> Int32 {
    try await ChildProcess.poll(within: limit, "\(name) to end") { self.exitStatus }
  }

  /// Asks the program to end (SIGTERM) and kills it where it has not within `limit`. Answers the exit status.
  @discardableResult
  package func stop(within limit: Duration = .seconds(60)) async -> Int32 {
    send(signal: SIGTERM)
    if let status = try? await waitForExit(within: limit) { return status }
    send(signal: SIGKILL)
    return (try? await waitForExit()) ?? -1
  }

  /// Waits until `value` answers something and returns it.
  ///
  /// Throws `ProcessFailure` with the log when the program ended first, or nothing came within `limit`.
  package func wait<Value>(
    within limit: Duration, _ what: String, _ value: () async throws -> Value?
  ) async throws -> Value {
    do {
      return try await ChildProcess.poll(within: limit, what) {
        if let found = try await value() { return found }
        if let status = self.exitStatus { throw ProcessFailure("\(self.name) ended with \(status)") }
        return nil
      }
    } catch let failure as ProcessFailure {
      throw ProcessFailure("\(failure.message)\n--- output\n\(output.suffix(2_000))\n--- log\n\(log.suffix(6_000))")
    }
  }

  static func poll<Value>(
    within limit: Duration, _ what: String, _ value: () async throws -> Value?
  ) async throws -> Value {
    let deadline = ContinuousClock.now + limit
    while true {
      if let found = try await value() { return found }
      guard ContinuousClock.now < deadline else { throw ProcessFailure("waited \(limit) for \(what)") }
      try await Task.sleep(for: pollInterval)
    }
  }

  private static func writer(_ file: URL) throws -> FileHandle {
    // Appending, so that a program started again under its old name leaves the first run's words readable.
    if !FileManager.default.fileExists(atPath: file.path) {
      try Data().write(to: file)
    }
    let handle = try FileHandle(forWritingTo: file)
    try handle.seekToEnd()
    return handle
  }
}

/// The end of a process, as its termination handler tells it.
private final class EndOfProcess: Sendable {
  private let stored = Mutex<Int32?>(nil)

  var status: Int32? { stored.withLock { $0 } }

  func set(_ status: Int32) {
    stored.withLock { $0 = status }
  }
}

/// A process did not do what the test needs of it.
package struct ProcessFailure: Error, CustomStringConvertible {
  /// What happened, with the end of the process's log where there is one.
  package var message: String

  /// A failure that says `message`.
  package init(_ message: String) {
    self.message = message
  }

  package var description: String { message }
}
