import Crypto
import EventLoops
import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle

/// A stand-in for 1min.ai that speaks its wire format, makes real pictures, and fails on purpose as it is told.
///
/// It needs no network, any key opens it, and a truth log tells what it really did. All that it keeps is in memory and
/// bounded; it forgets everything when it stops (docs/command-line.md, `tally sandbox`).
package struct Sandbox: Service {
  /// The most connections at once. Each takes a file descriptor.
  static let maximumConnections = 4096
  /// Connections that the system takes while none is accepted: a burst of clients that connect at once.
  static let backlog = 1024
  /// How long a connection without a request is kept, in seconds: longer than the clients that use one again keep it.
  static let idleSeconds: Int64 = 120

  private let configuration: SandboxConfiguration
  private let plan: FaultPlan
  private let logger: Logger

  /// Checks the configuration; nothing is opened yet.
  ///
  /// - Throws: ``SandboxError``.
  package init(configuration: SandboxConfiguration, logger: Logger) throws(SandboxError) {
    guard (0...SandboxConfiguration.maximumLatencyMilliseconds).contains(configuration.latencyMilliseconds) else {
      throw .latencyOutOfRange
    }
    self.configuration = configuration
    self.plan = try FaultPlan(configuration)
    self.logger = logger
  }

  /// Serves until the service group stops or the task is cancelled.
  package func run() async throws {
    try await run(onListening: { _ in })
  }

  /// Serves until the service group stops or the task is cancelled.
  ///
  /// - Parameter onListening: is told the port once connections are accepted.
  /// - Throws: ``SandboxError/truthLogUnusable(errno:)``, or the system's error where the address cannot be taken.
  package func run(onListening: @escaping @Sendable (Int) -> Void) async throws {
    let storage = Storage()
    let truthLog: TruthLog? = if let path = configuration.truthLogPath { try TruthLog(path: path) } else { nil }
    let renderer = PictureRenderer(storage: storage)
    let responder = SandboxResponder(
      configuration: configuration, plan: plan, storage: storage, renderer: renderer, truthLog: truthLog,
      clock: .system, signingKey: SymmetricKey(size: .bits256), edits: EditCounter(), logger: logger)
    let application = Application(
      responder: responder,
      server: .http1OnLoops(configuration: .init(idleTimeout: .seconds(Self.idleSeconds))),
      configuration: ApplicationConfiguration(
        address: .hostname(configuration.host, port: configuration.port), backlog: Self.backlog,
        availableConnectionsDelegate: .maximum(Self.maximumConnections, logger: logger)),
      onServerRunning: { channel in onListening(channel.localAddress?.port ?? 0) },
      logger: logger)
    do {
      try await application.run()
    } catch {
      await renderer.shutdown()
      throw error
    }
    await renderer.shutdown()
  }
}
