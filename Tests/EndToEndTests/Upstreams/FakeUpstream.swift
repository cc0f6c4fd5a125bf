import NIOCore
import NIOPosix
import Synchronization

/// An upstream that misbehaves to order, byte by byte.
final class FakeUpstream: Sendable {
  /// What it does once a whole request has come.
  enum Behaviour: Sendable {
    /// Writes these bytes and closes the connection.
    case answer(String)
    /// Writes the head, then the same bytes again and again while anybody reads.
    case flood(head: String)
    /// Writes the head, then a byte now and then.
    case drip(head: String)
    /// Writes these bytes when `answerNow()` says so, and closes the connection.
    case answerWhenTold(String)
    /// Closes the connection without a byte.
    case close
    /// Keeps the connection and says nothing.
    case silence
  }

  /// Where it listens.
  let address: String
  private let channel: any Channel
  private let state: State

  private final class State: Sendable {
    let behaviour = Mutex(Behaviour.silence)
    let requests = Mutex(0)
    let waiting = Mutex<[@Sendable () -> Void]>([])
  }

  private init(address: String, channel: any Channel, state: State) {
    self.address = address
    self.channel = channel
    self.state = state
  }

  /// Starts one on a free port of this machine.
  static func start() async throws -> FakeUpstream {
    let state = State()
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.allowRemoteHalfClosure, value: false)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Responder(state: state))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let port = channel.localAddress?.port ?? 0
    return FakeUpstream(address: "http://127.0.0.1:\(port)", channel: channel, state: state)
  }

  /// What it does with the requests that come from now on.
  func behave(_ behaviour: Behaviour) {
    state.behaviour.withLock { $0 = behaviour }
  }

  /// Whole requests that came so far.
  var requests: Int { state.requests.withLock { $0 } }

  /// Lets the requests that wait for it have their answers.
  func answerNow() {
    for answer in state.waiting.withLock({ waiting in
      defer { waiting = [] }
      return waiting
    }) {
      answer()
    }
  }

  /// An answer with one result, as the Feature API gives it.
  static func success() -> String {
    let body = """
      {"aiRecord":{"uuid":"00000000-0000-4000-8000-0000000000ab","userId":"u","teamId":"t","teamUser":{},\
      "model":"gpt-image-1-mini","type":"IMAGE_EDITOR","metadata":null,"rating":null,"feedback":null,\
      "conversationId":null,"status":"SUCCESS","createdAt":"2026-01-15T16:00:00.000Z",\
      "aiRecordDetail":{"promptObject":{},"resultObject":["images/fake_edited.png"],"responseObject":{}},\
      "additionalData":null,"temporaryUrl":"https://storage.example.com/images/fake_edited.png"}}
      """
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  /// Ends it.
  func stop() async {
    try? await channel.close()
  }

  private final class Responder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Bytes of one write of a flood.
    private static let floodBytes = 1 << 20

    private let state: State
    private var received: [UInt8] = []

    init(state: State) {
      self.state = state
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      received += Array(unwrapInboundIn(data).readableBytesView)
      guard isWhole else { return }
      received = []
      state.requests.withLock { $0 += 1 }
      switch state.behaviour.withLock({ $0 }) {
      case .answer(let text): Responder.answer(text, on: context.channel)
      case .answerWhenTold(let text):
        let channel = context.channel
        state.waiting.withLock { $0.append { Responder.answer(text, on: channel) } }
      case .flood(let head):
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: head)), promise: nil)
        flood(context)
      case .drip(let head):
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: head)), promise: nil)
        drip(context)
      case .close: context.close(promise: nil)
      case .silence: break
      }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }

    private static func answer(_ text: String, on channel: any Channel) {
      channel.writeAndFlush(ByteBuffer(string: text)).whenComplete { _ in channel.close(promise: nil) }
    }

    /// The head has come, and as many bytes after it as it says.
    private var isWhole: Bool {
      let text = String(decoding: received, as: UTF8.self)
      guard let end = text.firstRange(of: "\r\n\r\n") else { return false }
      let head = text[..<end.lowerBound].lowercased()
      let length =
        head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
        .flatMap { Int($0.dropFirst("content-length:".count).drop { $0 == " " }) } ?? 0
      return text[end.upperBound...].utf8.count >= length
    }

    private func flood(_ context: ChannelHandlerContext) {
      let bytes = ByteBuffer(repeating: UInt8(ascii: " "), count: Responder.floodBytes)
      let loopBound = NIOLoopBound((context, self), eventLoop: context.eventLoop)
      context.writeAndFlush(wrapOutboundOut(bytes)).whenSuccess {
        let (context, responder) = loopBound.value
        responder.flood(context)
      }
    }

    private func drip(_ context: ChannelHandlerContext) {
      let loopBound = NIOLoopBound((context, self), eventLoop: context.eventLoop)
      context.eventLoop.scheduleTask(in: .milliseconds(100)) {
        let (context, responder) = loopBound.value
        guard context.channel.isActive else { return }
        context.writeAndFlush(responder.wrapOutboundOut(ByteBuffer(string: " ")), promise: nil)
        responder.drip(context)
      }
    }
  }
}
