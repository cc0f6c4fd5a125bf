import Failpoints
import Foundation
import Synchronization
import TallyTesting

/// The gateways of a fault test: killed, stopped and started again on their own data folders while edits go on.
final class Fleet: Sendable {
  /// What every gateway is started with.
  struct Settings: Sendable {
    var folder: URL
    var databaseURL: String
    var upstream: String
    var arguments: [String]
  }

  private struct Gateway {
    var runs = 0
    var process: TallyProcess?
  }

  /// How many gateways there are when all of them run.
  let size: Int
  private let settings: Settings
  private let gateways: Mutex<[Gateway]>

  /// A fleet of which nothing runs yet.
  init(size: Int, _ settings: Settings) {
    self.size = size
    self.settings = settings
    gateways = Mutex(Array(repeating: Gateway(), count: size))
  }

  /// Addresses of the gateways that run, as far as anybody knows.
  var addresses: [String] {
    gateways.withLock { $0.compactMap { $0.process?.address } }
  }

  /// Starts every gateway that does not run.
  ///
  /// Throws `ProcessFailure` where one does not come up.
  func startAll() async throws {
    for number in 0..<size { try await start(number) }
  }

  /// Starts a gateway unless it runs.
  /// - Parameter failpoints: where it is to die or stop, as `TALLY_FAILPOINTS` takes it.
  ///
  /// Throws `ProcessFailure` where it does not come up.
  func start(_ number: Int, failpoints: String? = nil) async throws {
    guard process(number)?.process.exitStatus != nil || process(number) == nil else { return }
    let run = gateways.withLock { gateways in
      gateways[number].runs += 1
      gateways[number].process = nil
      return gateways[number].runs
    }
    let process = try await TallyProcess.start(
      TallyProcess.Settings(
        databaseURL: settings.databaseURL, dataFolder: settings.folder.appending(path: "data-\(number)"),
        upstream: settings.upstream, arguments: settings.arguments,
        environment: failpoints.map { [Failpoints.variable: $0] } ?? [:], name: "serve-\(number)-\(run)"),
      in: settings.folder)
    gateways.withLock { $0[number].process = process }
  }

  /// Ends a gateway as `kill -9` does, and waits until it is gone.
  func kill(_ number: Int) async throws {
    guard let process = process(number) else { return }
    process.process.send(signal: SIGKILL)
    try await process.process.waitForExit()
    forget(number)
  }

  /// Waits until a gateway has ended by itself, at a failpoint say.
  /// - Returns: whether it has within `limit`.
  func waitForEnd(of number: Int, within limit: Duration) async -> Bool {
    guard let process = process(number) else { return true }
    guard (try? await process.process.waitForExit(within: limit)) != nil else { return false }
    forget(number)
    return true
  }

  /// Stops a gateway as SIGSTOP does: it holds what it holds and does nothing.
  func pause(_ number: Int) {
    process(number)?.process.send(signal: SIGSTOP)
  }

  /// Lets a stopped gateway go on.
  func resume(_ number: Int) {
    process(number)?.process.send(signal: SIGCONT)
  }

  /// Waits until there is something, asking again and again while the first gateway runs.
  ///
  /// Throws `ProcessFailure` where there is nothing within `limit`, and what `value` throws.
  func wait<Value>(
    within limit: Duration, _ what: String, _ value: () async throws -> Value?
  ) async throws -> Value {
    guard let first = process(0) else { throw ProcessFailure("no gateway runs") }
    return try await first.process.wait(within: limit, what, value)
  }

  /// Waits until a gateway stands still, stopped by itself at a failpoint.
  /// - Returns: whether it does within `limit`.
  func waitForStop(of number: Int, within limit: Duration) async -> Bool {
    guard let id = process(number)?.process.processID else { return false }
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
      if Fleet.isStopped(id) { return true }
      try? await Task.sleep(for: .milliseconds(10))
    }
    return false
  }

  /// Ends all gateways in good order.
  func stopAll() async {
    for number in 0..<size {
      resume(number)
      await process(number)?.stop()
      forget(number)
    }
  }

  /// The end of each gateway's last log, for the message of a failure.
  var logs: String {
    gateways.withLock { gateways in
      gateways.enumerated().compactMap { number, gateway in
        gateway.process.map { "--- gateway \(number)\n\($0.process.log.suffix(3_000))" }
      }.joined(separator: "\n")
    }
  }

  private func process(_ number: Int) -> TallyProcess? {
    gateways.withLock { $0[number].process }
  }

  private func forget(_ number: Int) {
    gateways.withLock { $0[number].process = nil }
  }

  /// The third field of `/proc/ID/stat`, behind the program's name in parentheses: T is stopped.
  private static func isStopped(_ id: Int32) -> Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
      let name = text.lastIndex(of: ")")
    else { return false }
    return text[name...].dropFirst().split(separator: " ").first == "T"
  }
}
