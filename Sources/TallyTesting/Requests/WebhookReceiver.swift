import Foundation
package import NIOCore
import NIOPosix
import Synchronization

/// Somebody who receives webhooks: it keeps what comes, answers to order, and closes each connection.
package final class WebhookReceiver: Sendable {
  /// A request as it came.
  package struct Request: Sendable {
    /// Method and target.
    package var line: String
    /// Names in lower case.
    package var headers: [String: String]
    /// The bytes of the body.
    package var body: [UInt8]

    /// The body read as JSON.
    package var json: JSONNode { JSONNode(parsing: Data(body)) }
  }

  /// What it answers to the request of that number, from 0 on; nil: nothing, and it keeps the connection.
  package typealias Answering = @Sendable (_ number: Int) -> String?

  /// The usual answer.
  package static let success = "HTTP/1.1 204 No Content\r\n\r\n"

  private struct State {
    var connections = 0
    var requests: [Request] = []
  }

  private final class Shared: Sendable {
    let state = Mutex(State())
  }

  /// Where it listens on 127.0.0.1.
  package let port: Int
  private let channel: any Channel
  private let shared: Shared

  private init(port: Int, channel: any Channel, shared: Shared) {
    self.port = port
    self.channel = channel
    self.shared = shared
  }

  /// Connections so far.
  package var connections: Int { shared.state.withLock { $0.connections } }
  /// Whole requests so far.
  package var requests: [Request] { shared.state.withLock { $0.requests } }
  /// Its address.
  package var address: String { "http://127.0.0.1:\(port)" }

  /// Starts one on a free port of this machine.
  /// - Parameter prepare: puts handlers on each connection first, TLS say.
  package static func start(
    answering: @escaping Answering = { _ in success },
    prepare: @escaping @Sendable (any Channel) throws -> Void = { _ in }
  ) async throws -> WebhookReceiver {
    let shared = Shared()
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          shared.state.withLock { $0.connections += 1 }
          try prepare(channel)
          try channel.pipeline.syncOperations.addHandler(Responder(shared, answering))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return WebhookReceiver(port: channel.localAddress?.port ?? 0, channel: channel, shared: shared)
  }

  /// Ends it.
  package func stop() async {
    try? await channel.close()
  }

  private final class Responder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let shared: Shared
    private let answering: Answering
    private var received: [UInt8] = []

    init(_ shared: Shared, _ answering: @escaping Answering) {
      self.shared = shared
      self.answering = answering
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      received += Array(unwrapInboundIn(data).readableBytesView)
      guard let request = whole else { return }
      received = []
      let number = shared.state.withLock { state in
        state.requests.append(request)
        return state.requests.count - 1
      }
      guard let answer = answering(number) else { return }
      let channel = context.channel
      channel.writeAndFlush(ByteBuffer(string: answer)).whenComplete { _ in channel.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }

    /// The request, once its head has come and as many bytes after it as that says.
    private var whole: Request? {
      guard let end = received.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
      let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
      var request = Request(
        line: lines.first.map(String.init) ?? "", headers: [:], body: Array(received[end.upperBound...]))
      for line in lines.dropFirst() {
        guard let colon = line.firstIndex(of: ":") else { continue }
        request.headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
      }
      guard let length = request.headers["content-length"].flatMap({ Int($0) }), request.body.count >= length else {
        return nil
      }
      return request
    }
  }
}
