import NIOCore
import NIOHTTP1

/// Stands on every connection right before the bytes are made, and lets a request head pass only if its ``Dispatch``
/// says so at that moment. What it has not let pass was not sent.
final class FirstByteGate: ChannelOutboundHandler {
  typealias OutboundIn = HTTPClientRequestPart
  typealias OutboundOut = HTTPClientRequestPart

  private let registry: DispatchRegistry
  private var isShut = false

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
      if isShut {
        promise?.fail(FirstByteGateError.shut)
      } else {
        context.write(data, promise: promise)
      }
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
    context.write(Self.wrapOutboundOut(.head(head)), promise: promise)
  }
}

/// Why a write did not pass the gate.
enum FirstByteGateError: Error {
  /// The request may not be sent; its connection is being closed.
  case shut
}
