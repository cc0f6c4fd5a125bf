import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

/// Whether the upstream can be reached: a TCP connection and, for https, a TLS handshake. Nothing is asked of it.
enum UpstreamCheck {
  /// How long the connection and the handshake may take.
  private static let limit = TimeAmount.seconds(5)

  static func run(_ address: String) async -> HealthCheck {
    guard let url = URL(string: address), let host = url.host, let scheme = url.scheme else {
      return HealthCheck("upstream", .fail, "\(address) is no http or https address")
    }
    let port = url.port ?? (scheme == "https" ? 443 : 80)
    do {
      try await connect(host, port: port, isEncrypted: scheme == "https")
      return HealthCheck("upstream", .ok, "\(scheme)://\(host):\(port) answers")
    } catch {
      return HealthCheck("upstream", .fail, "\(scheme)://\(host):\(port) is not reachable")
    }
  }

  private static func connect(_ host: String, port: Int, isEncrypted: Bool) async throws {
    let loop = MultiThreadedEventLoopGroup.singleton.any()
    let tls = isEncrypted ? try NIOSSLContext(configuration: .makeClientConfiguration()) : nil
    let ready = loop.makePromise(of: Void.self)
    let connecting = ClientBootstrap(group: loop).connectTimeout(limit).channelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        if let tls {
          // An address instead of a name cannot be sent as the server's name.
          let name = (try? SocketAddress(ipAddress: host, port: port)) == nil ? host : nil
          try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
          try channel.pipeline.syncOperations.addHandler(HandshakeObserver(done: ready))
        } else {
          ready.succeed()
        }
      }
    }.connect(host: host, port: port)
    // Without a connection nobody else keeps the promise, and one that is not kept ends a debug build.
    connecting.whenFailure { ready.fail($0) }
    let channel = try await connecting.get()
    let timeout = loop.scheduleTask(in: limit) { ready.fail(ChannelError.connectTimeout(limit)) }
    defer { timeout.cancel() }
    do {
      try await ready.futureResult.get()
    } catch {
      try? await channel.close()
      throw error
    }
    try? await channel.close()
  }

  private final class HandshakeObserver: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let done: EventLoopPromise<Void>

    init(done: EventLoopPromise<Void>) {
      self.done = done
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if case TLSUserEvent.handshakeCompleted = event { done.succeed() }
      context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      done.fail(error)
      context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
      done.fail(ChannelError.eof)
      context.fireChannelInactive()
    }
  }
}
