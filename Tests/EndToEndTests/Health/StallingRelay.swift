import NIOCore
import NIOPosix
import Postgres
import Synchronization

/// Stands between a gateway and its database and passes everything on, until it is told to stall: then every connection
/// is open and silent, as behind a network that swallows packets.
final class StallingRelay: Sendable {
  private struct State {
    var isStalled = false
    var channels: [ObjectIdentifier: any Channel] = [:]
  }

  /// Port on this machine.
  let port: Int
  private let listener: any Channel
  private let state: SharedState

  private final class SharedState: Sendable {
    let value = Mutex(State())

    func add(_ channel: any Channel) {
      value.withLock { $0.channels[ObjectIdentifier(channel)] = channel }
      channel.closeFuture.whenComplete { _ in
        self.value.withLock { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
      }
    }

    var isStalled: Bool { value.withLock { $0.isStalled } }
  }

  private init(listener: any Channel, state: SharedState) {
    self.listener = listener
    self.state = state
    port = listener.localAddress?.port ?? 0
  }

  /// Starts a relay to the database of `settings`.
  static func start(to settings: ConnectionSettings) async throws -> StallingRelay {
    let state = SharedState()
    guard let host = settings.hosts.first else { throw CancellationError() }
    let path = host.isLocalSocket ? "\(host.name)/.s.PGSQL.\(host.port)" : nil
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { client in
        let bootstrap = ClientBootstrap(group: client.eventLoop).channelOption(.autoRead, value: false)
        let connected =
          path.map { bootstrap.connect(unixDomainSocketPath: $0) }
          ?? bootstrap.connect(host: host.name, port: host.port)
        return connected.flatMap { server in
          client.eventLoop.makeCompletedFuture {
            try client.pipeline.syncOperations.addHandler(Passing(to: server))
            try server.pipeline.syncOperations.addHandler(Passing(to: client))
            state.add(client)
            state.add(server)
          }.flatMap { StallingRelay.read(!state.isStalled, [client, server]) }
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return StallingRelay(listener: listener, state: state)
  }

  /// Passes nothing on any more, or everything again.
  func stall(_ isStalled: Bool) async throws {
    let channels = state.value.withLock { state in
      state.isStalled = isStalled
      return Array(state.channels.values)
    }
    for channel in channels { try? await StallingRelay.read(!isStalled, [channel]).get() }
  }

  /// Ends it with all its connections.
  func stop() async throws {
    for channel in state.value.withLock({ Array($0.channels.values) }) { try? await channel.close() }
    try await listener.close()
  }

  private static func read(_ isReading: Bool, _ channels: [any Channel]) -> EventLoopFuture<Void> {
    let loop = channels[0].eventLoop
    return EventLoopFuture.andAllSucceed(
      channels.map { $0.setOption(.autoRead, value: isReading) }, on: loop)
  }

  /// Hands what it reads to the other side, and closes with it.
  private final class Passing: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let other: any Channel

    init(to other: any Channel) {
      self.other = other
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      other.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
      other.close(promise: nil)
      context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }
  }
}
