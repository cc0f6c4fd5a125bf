import NIOCore
import NIOPosix
package import Postgres

/// Stands between a gateway and a server and passes everything on, until it is told to stall, when every connection is
/// open and silent as behind a network that swallows packets, or to cut a connection at exactly one byte.
package final class FaultRelay: Sendable {
  /// Where it passes on to.
  package enum Target: Sendable {
    /// A server's TCP port.
    case port(host: String, Int)
    /// A server's Unix socket.
    case socket(path: String)
  }

  /// Port on this machine.
  package let port: Int
  private let listener: any Channel
  private let state: RelayState

  private init(listener: any Channel, state: RelayState) {
    self.listener = listener
    self.state = state
    port = listener.localAddress?.port ?? 0
  }

  /// Starts a relay.
  ///
  /// Throws what the network throws where it cannot listen.
  package static func start(to target: Target) async throws -> FaultRelay {
    let state = RelayState()
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 256)
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { client in
        connect(to: target, on: client.eventLoop).flatMap { server in
          client.eventLoop.makeCompletedFuture {
            try client.pipeline.syncOperations.addHandler(RelayHandler(.request, to: server, state))
            try server.pipeline.syncOperations.addHandler(RelayHandler(.reply, to: client, state))
            state.add(client)
            state.add(server)
          }.flatMap { read(!state.isStalled, [client, server]) }
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return FaultRelay(listener: listener, state: state)
  }

  /// Starts a relay to the database of `settings`, and answers the settings that lead through it.
  ///
  /// Throws what the network throws where it cannot listen.
  package static func start(to settings: ConnectionSettings) async throws -> (FaultRelay, ConnectionSettings) {
    guard let host = settings.hosts.first else { throw ProcessFailure("no host of a database to relay to") }
    let relay = try await start(
      to: host.isLocalSocket
        ? .socket(path: "\(host.name)/.s.PGSQL.\(host.port)") : .port(host: host.name, host.port))
    var through = settings
    through.hosts = [ConnectionSettings.Host("127.0.0.1", port: relay.port)]
    return (relay, through)
  }

  /// Passes nothing on any more, or everything again.
  package func stall(_ isStalled: Bool) async {
    for channel in state.stall(isStalled) { try? await FaultRelay.read(!isStalled, [channel]).get() }
  }

  /// Cuts one connection there, the first one that comes to it. Several cuts may wait at a time.
  package func cut(_ cut: RelayCut) {
    state.add(cut)
  }

  /// Forgets the cuts that no connection came to.
  package func heal() {
    state.forgetCuts()
  }

  /// How many connections were cut.
  package var cutCount: Int { state.cutCount }

  /// Ends it with all its connections.
  package func stop() async {
    for channel in state.open { try? await channel.close() }
    try? await listener.close()
  }

  private static func connect(to target: Target, on loop: any EventLoop) -> EventLoopFuture<any Channel> {
    let bootstrap = ClientBootstrap(group: loop).channelOption(.autoRead, value: false)
    return switch target {
    case .port(let host, let port): bootstrap.connect(host: host, port: port)
    case .socket(let path): bootstrap.connect(unixDomainSocketPath: path)
    }
  }

  private static func read(_ isReading: Bool, _ channels: [any Channel]) -> EventLoopFuture<Void> {
    let loop = channels[0].eventLoop
    return EventLoopFuture.andAllSucceed(
      channels.map { $0.setOption(.autoRead, value: isReading) }, on: loop)
  }
}
