import NIOCore
import NIOHTTP1
import NIOPosix

/// One kept-alive connection of a load generator: a request, its whole answer, the next request.
///
/// It lives on its event loop and is touched nowhere else.
final class LoadConnection: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private struct Exchange {
    var deadline: NIODeadline
    var status = 0
    var staysOpen = true
    /// Nil where nobody wants more than the status.
    var answer: LoadAnswer?
    var finish: (LoadConnection, LoadOutcome) -> Void
  }

  /// How long the making of a connection may take.
  private static let connectTimeout = TimeAmount.seconds(5)

  private let channel: any Channel
  private var exchange: Exchange?

  private init(channel: any Channel) {
    self.channel = channel
  }

  /// Connects; the channel then has a `LoadConnection` as its last handler.
  static func connect(to target: LoadTarget, on loop: any EventLoop) -> EventLoopFuture<any Channel> {
    ClientBootstrap(group: loop)
      .connectTimeout(connectTimeout)
      .channelOption(.socketOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(LoadConnection(channel: channel))
        }
      }
      .connect(host: target.host, port: target.port)
  }

  /// Whether it can take a request.
  var isUsable: Bool { exchange == nil && channel.isActive }

  /// Sends a request. `finish` is told once, when the connection can take the next one or has ended.
  func send(
    _ request: LoadRequest, keepsAnswer: Bool = false, until deadline: NIODeadline,
    _ finish: @escaping (LoadConnection, LoadOutcome) -> Void
  ) {
    exchange = Exchange(deadline: deadline, answer: keepsAnswer ? LoadAnswer() : nil, finish: finish)
    channel.write(HTTPClientRequestPart.head(request.head), promise: nil)
    channel.write(HTTPClientRequestPart.body(.byteBuffer(request.body)), promise: nil)
    channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
  }

  /// Ends a request whose time is over, and the connection with it.
  func expire(at now: NIODeadline) {
    guard let exchange, exchange.deadline <= now else { return }
    end(.timedOut)
  }

  /// Closes the connection; a request that is at work is told `cut`.
  func close() {
    end(.cut)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      exchange?.status = Int(head.status.code)
      exchange?.staysOpen = head.isKeepAlive
      exchange?.answer?.retryAfter = head.headers.first(name: "retry-after")
    case .body(var part):
      exchange?.answer?.body.setOrWriteBuffer(&part)
    case .end:
      guard let done = exchange else { return }
      exchange = nil
      if !done.staysOpen { channel.close(promise: nil) }
      done.finish(self, .answered(status: done.status, done.answer))
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    end(.cut)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    end(.cut)
  }

  private func end(_ outcome: LoadOutcome) {
    channel.close(promise: nil)
    guard let ended = exchange else { return }
    exchange = nil
    ended.finish(self, outcome)
  }
}
