import Failpoints
import NIOCore
import NIOHTTP1

/// Stands on every connection right before the bytes are made, and lets a request head pass only if its ``Dispatch``
/// says so at that moment. What it has not let pass was not sent.
///
/// It also lets a head wait for the body that comes right behind it, so that both are one write and one packet.
final class FirstByteGate: ChannelOutboundHandler {
  typealias OutboundIn = HTTPClientRequestPart
  typealias OutboundOut = HTTPClientRequestPart

  private let registry: DispatchRegistry
  private var isShut = false
  /// Whether the head announced how long its body is, so that an end adds nothing.
  private var hasLength = false
  /// Whether what was written last is a head whose body is to come: its flush waits for the body's.
  private var awaitsBody = false

  init(registry: DispatchRegistry) {
    self.registry = registry
  }

  /// Puts a gate on a new connection, between the HTTP client and the encoder.
  static func install(on channel: any Channel, registry: DispatchRegistry) -> EventLoopFuture<Void> {
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      let encoder = try pipeline.handler(type: HTTPRequestEncoder.self)
      try pipeline.addHandler(FirstByteGate(registry: registry), position: .after(encoder))
    }
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard case .head(var head) = Self.unwrapOutboundIn(data) else {
      writeRest(context, data, promise)
      return
    }
    let number = head.headers.first(name: DispatchRegistry.header)
    head.headers.remove(name: DispatchRegistry.header)
    guard let number, let dispatch = registry.dispatch(number), dispatch.begin() else {
      isShut = true
      promise?.fail(FirstByteGateError.shut)
      // Later, since the client is in the middle of writing and would meet a closed channel in its own call.
      let channel = context.channel
      channel.eventLoop.execute { channel.close(promise: nil) }
      return
    }
    hasLength = head.headers.contains(name: "Content-Length")
    awaitsBody = hasLength && head.headers.first(name: "Content-Length") != "0"
    context.write(Self.wrapOutboundOut(.head(head)), promise: promise)
  }

  func flush(context: ChannelHandlerContext) {
    guard !awaitsBody else { return }
    context.flush()
    Failpoints.pass(.editAfterFirstByte)
  }

  private func writeRest(_ context: ChannelHandlerContext, _ data: NIOAny, _ promise: EventLoopPromise<Void>?) {
    awaitsBody = false
    guard !isShut else {
      promise?.fail(FirstByteGateError.shut)
      return
    }
    if hasLength, case .end = Self.unwrapOutboundIn(data) {
      // Nothing is left to be sent, and an empty write would be a call of the system all the same.
      promise?.succeed()
    } else {
      context.write(data, promise: promise)
    }
  }
}

/// Why a write did not pass the gate.
enum FirstByteGateError: Error {
  /// The request may not be sent; its connection is being closed.
  case shut
}
