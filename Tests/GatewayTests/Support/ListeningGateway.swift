import Gateway
import Logging
import NIOCore
import ServiceLifecycle

/// A gateway on a port of this machine, over stubs of the ledger and the provider.
struct ListeningGateway: Sendable {
  let port: Int
  private let group: ServiceGroup

  /// Runs `use` with a gateway that listens, and stops it.
  static func run(
    _ gateway: GatewayUnderTest = GatewayUnderTest(), clock: GatewayClock = .system,
    _ use: @Sendable (ListeningGateway) async throws -> Void
  ) async throws {
    var configuration = gateway.configuration
    configuration.port = 0
    let listening = Promise<Int>()
    let server = try GatewayServer(
      configuration,
      GatewayServer.Parts(
        ledger: gateway.ledger, provider: gateway.provider, registry: gateway.registry, logger: .silent,
        clock: clock, exports: gateway.exports)
    ) { port in listening.fulfil(port) }
    let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [server], logger: .silent))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      guard let port = await listening.value(within: .seconds(60)) else { throw CancellationError() }
      do {
        try await use(ListeningGateway(port: port, group: group))
      } catch {
        await group.triggerGracefulShutdown()
        throw error
      }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }

  /// Asks it to stop.
  func stop() async {
    await group.triggerGracefulShutdown()
  }

  /// Sends bytes as they are; see `RawConnection`.
  func exchange(
    _ text: String, more: @Sendable () -> ByteBuffer? = { nil },
    until isComplete: @Sendable (String) -> Bool = { _ in false }
  ) async throws -> String {
    try await RawConnection.open(port).exchange(text, more: more, until: isComplete)
  }

  /// An edit as bytes.
  static func edit(headers: String = "") -> String {
    let body = Fixtures.body()
    return "POST /api/features HTTP/1.1\r\nHost: x\r\nAPI-KEY: \(Fixtures.key.text)\r\n"
      + "Content-Type: application/json\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }
}
