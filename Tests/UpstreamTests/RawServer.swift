import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A TCP server that does exactly what a test says, wrong HTTP and all, and remembers every byte that it was sent.
final class RawServer: Sendable {
  /// What to do with a connection at one moment.
  typealias Script = @Sendable (Connection) -> Void

  /// One accepted connection, on its event loop.
  struct Connection: Sendable {
    let channel: any Channel
    /// How many requests were complete on this server before this one, or before this connection was accepted.
    let number: Int

    func answer(_ text: String) {
      channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
    }

    func close() {
      channel.close(promise: nil)
    }

    func answerAndClose(_ text: String) {
      channel.writeAndFlush(ByteBuffer(string: text)).whenComplete { _ in channel.close(promise: nil) }
    }

    /// Ends the connection with RST instead of FIN.
    func reset() {
      guard let provider = channel as? any SocketOptionProvider else { return close() }
      provider.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in channel.close(promise: nil) }
    }

    /// Sends a piece again and again, as fast as it is taken, until the other side has had enough.
    func sendEndlessly(_ piece: ByteBuffer, counting sent: SentBytes) {
      channel.writeAndFlush(piece).whenSuccess {
        sent.add(piece.readableBytes)
        sendEndlessly(piece, counting: sent)
      }
    }

    /// Sends a byte every few milliseconds, without end.
    func drip() {
      _ = channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(5)) { task in
        guard channel.isActive else { return task.cancel() }
        channel.writeAndFlush(ByteBuffer(string: " "), promise: nil)
      }
    }
  }

  /// Counts what was sent.
  final class SentBytes: Sendable {
    private let count = Atomic<Int>(0)
    var total: Int { count.load(ordering: .relaxed) }
    func add(_ bytes: Int) { count.add(bytes, ordering: .relaxed) }
  }

  private struct State {
    var requests: [String] = []
    var connections = 0
    var receivedBytes = 0
  }

  private let state = Mutex(State())
  private let accepted: Script?
  private let began: Script?
  private let complete: Script
  private let listener = Mutex<(any Channel)?>(nil)

  /// Makes a server that is not listening yet.
  ///
  /// - Parameters:
  ///   - complete: runs when a request is there with its whole body.
  ///   - accepted: runs when a connection is made.
  ///   - began: runs when the first bytes of a request are there.
  init(complete: @escaping Script = { _ in }, accepted: Script? = nil, began: Script? = nil) {
    self.accepted = accepted
    self.began = began
    self.complete = complete
  }

  /// Every complete request, head and body.
  var requests: [String] { state.withLock { $0.requests } }
  var connections: Int { state.withLock { $0.connections } }
  var receivedBytes: Int { state.withLock { $0.receivedBytes } }

  /// Listens on a free port of the loopback interface while `body` runs.
  func run<Value>(_ body: (Int) async throws -> Value) async throws -> Value {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Reader(self)) }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    defer { channel.close(promise: nil) }
    return try await body(channel.localAddress?.port ?? 0)
  }

  private func accept(_ channel: any Channel) {
    let number = state.withLock { state in
      state.connections += 1
      return state.requests.count
    }
    accepted?(Connection(channel: channel, number: number))
  }

  private func receive(_ bytes: Int, isFirst: Bool, on channel: any Channel) {
    let number = state.withLock { state in
      state.receivedBytes += bytes
      return state.requests.count
    }
    if isFirst { began?(Connection(channel: channel, number: number)) }
  }

  private func finish(_ request: String, on channel: any Channel) {
    let number = state.withLock { state in
      state.requests.append(request)
      return state.requests.count - 1
    }
    complete(Connection(channel: channel, number: number))
  }

  /// Cuts what arrives into requests, by `Content-Length` only.
  private final class Reader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let server: RawServer
    private var pending: [UInt8] = []

    init(_ server: RawServer) { self.server = server }

    func channelActive(context: ChannelHandlerContext) {
      server.accept(context.channel)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let bytes = Self.unwrapInboundIn(data)
      let isFirst = pending.isEmpty
      pending += bytes.readableBytesView
      server.receive(bytes.readableBytes, isFirst: isFirst, on: context.channel)
      guard let headEnd = pending.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound else { return }
      let head = String(decoding: pending[..<headEnd], as: UTF8.self)
      let length =
        head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        .flatMap { Int($0.dropFirst("content-length:".count).drop { $0 == " " }) } ?? 0
      guard pending.count >= headEnd + length else { return }
      let request = String(decoding: pending[..<(headEnd + length)], as: UTF8.self)
      pending.removeFirst(headEnd + length)
      server.finish(request, on: context.channel)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }
  }
}
