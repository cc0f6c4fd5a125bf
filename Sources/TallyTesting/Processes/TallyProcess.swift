package import Foundation

/// A running `tally serve`, on a port of its own.
package final class TallyProcess: Sendable {
  /// A gateway starts within this time, also with an embedded database to be made on a busy machine.
  package static let startLimit = Duration.seconds(120)

  /// The process.
  package let process: ChildProcess
  /// Where it listens, `http://127.0.0.1:PORT`.
  package let address: String

  private init(process: ChildProcess, address: String) {
    self.process = process
    self.address = address
  }

  /// What `tally serve` is started with.
  package struct Settings: Sendable {
    /// Address of the database; nil: an embedded one in `dataFolder`.
    package var databaseURL: String?
    /// The data folder.
    package var dataFolder: URL
    /// Address of the upstream.
    package var upstream: String
    /// The upstream's key.
    package var upstreamKey: String
    /// Further arguments.
    package var arguments: [String]
    /// Further environment.
    package var environment: [String: String]
    /// Name of the process in messages and of its log.
    package var name: String

    /// Settings with a made-up upstream key.
    package init(
      databaseURL: String?, dataFolder: URL, upstream: String, upstreamKey: String = "upstream-test-key",
      arguments: [String] = [], environment: [String: String] = [:], name: String = "serve"
    ) {
      self.databaseURL = databaseURL
      self.dataFolder = dataFolder
      self.upstream = upstream
      self.upstreamKey = upstreamKey
      self.arguments = arguments
      self.environment = environment
      self.name = name
    }
  }

  /// Starts a gateway and waits until its `/readyz` answers 200.
  ///
  /// Throws `ProcessFailure` with the log when it ends, or is not ready within `startLimit`.
  package static func start(_ settings: Settings, in folder: URL) async throws -> TallyProcess {
    var environment = settings.environment
    environment["TALLY_UPSTREAM_KEY"] = settings.upstreamKey
    environment["TALLY_DATABASE_URL"] = settings.databaseURL
    let process = try ChildProcess(
      try BuiltProducts.tally(),
      arguments: [
        "serve", "--listen", "127.0.0.1:0", "--data-dir", settings.dataFolder.path, "--upstream-url", settings.upstream,
      ] + settings.arguments,
      environment: environment, folder: folder, name: settings.name)
    do {
      let address = try await process.listeningAddress(within: startLimit)
      let client = HTTP(base: address)
      _ = try await process.wait(within: startLimit, "\(settings.name) to be ready") {
        (try? await client.get("/readyz"))?.status == 200 ? true : nil
      }
      return TallyProcess(process: process, address: address)
    } catch {
      await process.stop(within: .seconds(5))
      throw error
    }
  }

  /// Ends it in good order; answers the exit status.
  @discardableResult
  package func stop() async -> Int32 {
    await process.stop()
  }
}

extension ChildProcess {
  /// The address that the program says that it listens on: `listening on http://HOST:PORT` on standard output.
  ///
  /// Throws `ProcessFailure` when it ends or says nothing within `limit`.
  package func listeningAddress(within limit: Duration) async throws -> String {
    let prefix = "listening on "
    return try await wait(within: limit, "\(name) to listen") {
      // Only whole lines: the last one may be half written.
      output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        .first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }
  }
}
