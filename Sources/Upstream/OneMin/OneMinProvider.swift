import AsyncHTTPClient
package import Logging
package import NIOCore
import NIOHTTP1
import NIOPosix

/// The 1min.ai Feature API as a ``Provider``, over HTTP/1.1 with connections that are kept and used again.
///
/// One call is at most one request: no retries, no redirects, no cookies, no proxy from the environment.
package struct OneMinProvider: Provider {
  private let configuration: OneMinConfiguration
  private let client: HTTPClient
  private let registry = DispatchRegistry()
  /// The client's own event loops, the only ones that it takes.
  private let loops: Set<ObjectIdentifier>
  /// An edit without headers and body: its address is taken apart once. Nil where it is none.
  private let editRequest: HTTPClient.Request?
  private let logger: Logger

  private static let editPath = "/api/features"

  /// Makes a client; nothing is connected yet. Call ``shutdown()`` before it is dropped.
  package init(
    configuration: OneMinConfiguration,
    eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, logger: Logger
  ) {
    self.configuration = configuration
    self.logger = logger
    editRequest = try? HTTPClient.Request(url: configuration.baseURL + Self.editPath, method: .POST)
    var http = HTTPClient.Configuration(
      redirectConfiguration: .disallow,
      timeout: .init(connect: TimeAmount(configuration.connectTimeout)),
      connectionPool: .init(
        idleTimeout: TimeAmount(configuration.idleTimeout),
        concurrentHTTP1ConnectionsPerHostSoftLimit: max(1, configuration.maximumConnections)))
    http.httpVersion = .http1Only
    http.connectionPool.retryConnectionEstablishment = false
    http.http1_1ConnectionDebugInitializer = { [registry] channel in
      FirstByteGate.install(on: channel, registry: registry)
    }
    loops = Set(eventLoopGroup.makeIterator().map { ObjectIdentifier($0) })
    client = HTTPClient(eventLoopGroupProvider: .shared(eventLoopGroup), configuration: http)
  }

  /// Ends all requests, those under way as *unknown*, and closes the connections. Later calls are ``Refusal/Unsent/stopping``.
  package func shutdown() async {
    do {
      try await client.shutdown()
    } catch {
      logger.debug("upstream client was stopped twice", metadata: ["reason": "\(Exchange.reason(of: error))"])
    }
  }

  package func submit(_ edit: EditRequest, permit: @escaping @Sendable () -> Bool) async -> EditOutcome {
    let outgoing = Outgoing(
      method: .POST, path: Self.editPath, requestID: edit.requestID, contentType: "application/json",
      body: .byteBuffer(FeatureBody(edit).json), timeout: configuration.timeout)
    return EditOutcome(await exchange(outgoing, permit: permit))
  }

  package func upload(_ asset: AssetUpload) async -> AssetOutcome {
    let form = AssetForm(asset)
    let outgoing = Outgoing(
      method: .POST, path: "/api/assets", requestID: asset.requestID, contentType: form.contentType,
      body: form.body, timeout: configuration.timeout)
    return AssetOutcome(await exchange(outgoing, permit: { true }))
  }

  package func result(uuid: String) async -> ResultOutcome {
    // An id that could leave its place in the path was never given out.
    guard RecordState.isUsable(uuid: uuid) else { return .notFound }
    let outgoing = Outgoing(
      method: .GET, path: "/api/results/" + uuid, requestID: nil, contentType: nil, body: nil,
      timeout: configuration.resultTimeout)
    return ResultOutcome(await exchange(outgoing, permit: { true }))
  }

  private struct Outgoing {
    var method: HTTPMethod
    var path: String
    var requestID: String?
    var contentType: String?
    var body: HTTPClient.Body?
    var timeout: Duration
  }

  private func exchange(_ outgoing: Outgoing, permit: @escaping @Sendable () -> Bool) async -> Exchange {
    let dispatch = Dispatch(permit: permit)
    let number = registry.add(dispatch)
    defer { registry.remove(number) }
    var headers: HTTPHeaders = ["API-KEY": configuration.apiKey.secret, "Accept": "application/json"]
    headers.add(name: DispatchRegistry.header, value: "\(number)")
    if let contentType = outgoing.contentType { headers.add(name: "Content-Type", value: contentType) }
    if let requestID = outgoing.requestID {
      guard requestID.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return .notSent(.notSent(.malformed)) }
      headers.add(name: "X-Request-Id", value: requestID)
    }
    guard var request = request(outgoing) else { return .notSent(.notSent(.malformed)) }
    request.headers = headers
    request.body = outgoing.body
    let exchange: Exchange
    do {
      let response = try await client.execute(
        request: request,
        delegate: ResponseAccumulator(request: request, maxBodySize: configuration.maximumResponseBytes),
        eventLoop: preference, deadline: .now() + TimeAmount(outgoing.timeout)
      ).get()
      exchange = .answered(Answer(response))
    } catch {
      exchange = Exchange(error: error, state: dispatch.conclude())
      log(error, of: outgoing, as: exchange)
    }
    return exchange
  }

  private func request(_ outgoing: Outgoing) -> HTTPClient.Request? {
    if outgoing.method == .POST, outgoing.path == Self.editPath { return editRequest }
    return try? HTTPClient.Request(url: configuration.baseURL + outgoing.path, method: outgoing.method)
  }

  /// The loop that the caller is on, so that nobody has to wake another; a connection of that loop is preferred.
  private var preference: HTTPClient.EventLoopPreference {
    guard let current = MultiThreadedEventLoopGroup.currentEventLoop, loops.contains(ObjectIdentifier(current)) else {
      return .indifferent
    }
    return .delegate(on: current)
  }

  private func log(_ error: any Error, of outgoing: Outgoing, as exchange: Exchange) {
    logger.warning(
      "upstream request failed",
      metadata: [
        "request": "\(outgoing.method) \(outgoing.path)", "requestId": "\(outgoing.requestID ?? "-")",
        "outcome": "\(exchange)", "reason": "\(Exchange.reason(of: error))",
      ])
  }
}

extension Answer {
  fileprivate init(_ response: HTTPClient.Response) {
    self.init(
      status: Int(response.status.code), retryAfter: response.headers.first(name: "Retry-After"),
      date: response.headers.first(name: "Date"), body: response.body ?? ByteBuffer())
  }
}
