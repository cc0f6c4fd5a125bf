import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Upstream

/// One attempt to send a message. It lives on one event loop.
final class WebhookAttempt {
  private let head: HTTPRequestHead
  private let body: ByteBuffer
  private let address: WebhookAddress
  private let settings: WebhookSender.Settings
  private let tls: NIOSSLContext?
  private let loop: any EventLoop
  private let promise: EventLoopPromise<WebhookOutcome>
  private var deadline: Scheduled<Void>?
  private var channel: (any Channel)?
  /// What was answered, once its head is there: then only the rest of the connection is to come.
  private var answer: WebhookOutcome?
  private var isDone = false

  /// An attempt; `cancellation` ends it.
  init(
    _ head: HTTPRequestHead, _ body: ByteBuffer, _ address: WebhookAddress, _ settings: WebhookSender.Settings,
    tls: NIOSSLContext?, _ loop: any EventLoop, cancellation: EventLoopFuture<Void>
  ) {
    self.head = head
    self.body = body
    self.address = address
    self.settings = settings
    self.tls = tls
    self.loop = loop
    promise = loop.makePromise(of: WebhookOutcome.self)
    cancellation.assumeIsolated().whenComplete { _ in self.finish(.failed(.stopping)) }
  }

  /// Makes the attempt. The future ends at the deadline at the latest.
  func run(_ lookup: NameLookup) -> EventLoopFuture<WebhookOutcome> {
    deadline = loop.assumeIsolated().scheduleTask(in: TimeAmount(settings.deadline)) {
      self.end(.timedOut)
    }
    if let literal = NetworkAddress(host: address.host) {
      check([literal])
    } else {
      lookup.addresses(address.host, loop).assumeIsolated().whenComplete { found in
        switch found {
        case .success(let addresses): self.check(addresses)
        case .failure: self.finish(.failed(.notResolved))
        }
      }
    }
    return promise.futureResult
  }

  /// Goes on only where every address may be connected to: one that may not says that somebody plays with the name.
  private func check(_ addresses: [NetworkAddress]) {
    guard addresses.allSatisfy({ settings.allowance.allows($0, of: address.host) }) else {
      finish(.failed(.privateAddress))
      return
    }
    connect(to: addresses.prefix(settings.addressesMaximum)[...])
  }

  /// Connects to the first of some addresses, which were checked, and else to the next.
  private func connect(to addresses: ArraySlice<NetworkAddress>) {
    guard !isDone else { return }
    guard let next = addresses.first, let socketAddress = try? next.socketAddress(port: address.port) else {
      finish(.failed(addresses.isEmpty ? .notConnected : .notResolved))
      return
    }
    let attempt = NIOLoopBound(self, eventLoop: loop)
    ClientBootstrap(group: loop)
      .connectTimeout(TimeAmount(settings.connectTimeout))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try attempt.value.addHandlers(to: channel) }
      }
      .connect(to: socketAddress)
      .assumeIsolated()
      .whenComplete { connected in
        switch connected {
        case .success(let channel):
          self.channel = channel
          if self.isDone { channel.close(promise: nil) }
        case .failure: self.connect(to: addresses.dropFirst())
        }
      }
  }

  private func addHandlers(to channel: any Channel) throws {
    let pipeline = channel.pipeline.syncOperations
    if let tls {
      // A literal has no name to be asked for; then the certificate must be one of the address.
      let name = NetworkAddress(host: address.host) == nil ? address.host : nil
      try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
    }
    try pipeline.addHTTPClientHandlers()
    try pipeline.addHandler(WebhookExchange(head, body, bytesMaximum: settings.answerBytesMaximum, of: self))
  }

  /// Notes the head of an answer.
  fileprivate func note(_ answer: WebhookOutcome) {
    self.answer = answer
  }

  /// Ends with the answer, where there is one, else with the failure.
  fileprivate func end(_ failure: WebhookFailure) {
    finish(answer ?? .failed(failure))
  }

  private func finish(_ outcome: WebhookOutcome) {
    guard !isDone else { return }
    isDone = true
    deadline?.cancel()
    channel?.close(promise: nil)
    promise.succeed(outcome)
  }
}

/// Writes the request when the connection is there, and tells the attempt what comes back.
private final class WebhookExchange: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private let head: HTTPRequestHead
  private let body: ByteBuffer
  private let bytesMaximum: Int
  private let attempt: WebhookAttempt
  private var byteCount = 0

  init(_ head: HTTPRequestHead, _ body: ByteBuffer, bytesMaximum: Int, of attempt: WebhookAttempt) {
    self.head = head
    self.body = body
    self.bytesMaximum = bytesMaximum
    self.attempt = attempt
  }

  func channelActive(context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      // The parser takes any three digits for a status.
      guard (100...999).contains(Int(head.status.code)) else { return attempt.end(.unreadable) }
      let seconds = RetryAfter.seconds(
        head.headers.first(name: "Retry-After"), date: head.headers.first(name: "Date"))
      attempt.note(.answered(status: Int(head.status.code), retryAfterSeconds: seconds.map { Int64($0) }))
    case .body(let part):
      byteCount += part.readableBytes
      if byteCount > bytesMaximum { attempt.end(.cut) }
    case .end:
      attempt.end(.cut)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: attempt.end(.notTrusted)
    case is HTTPParserError: attempt.end(.unreadable)
    default: attempt.end(.cut)
    }
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    attempt.end(.cut)
    context.fireChannelInactive()
  }
}
