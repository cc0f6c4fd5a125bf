import HTTPTypes
import Hummingbird
import Logging

/// The outermost layer of every request: it names the request, counts it, writes its one line to the log, and gives the
/// answer the headers that all answers have.
///
/// The line has the route's pattern, or the path of what no route answers to; never the query, since keys and presigned
/// addresses stand there.
struct RequestEnvelope: RouterMiddleware {
  let ids: GatewayIDs
  let clock: GatewayClock
  let meters: HTTPMeters

  func handle(
    _ input: Request, context: GatewayContext, next: @concurrent (Request, GatewayContext) async throws -> Response
  ) async throws -> Response {
    let start = clock.monotonic()
    var context = context
    let given = input.headers[.xRequestID]
    context.requestID = given.flatMap { RequestID.isAcceptable($0) ? $0 : nil } ?? ids.name()
    // The server's own name for its own id, so that each line has one id and not two.
    context.logger[metadataKey: "hb.request.id"] = "\(context.requestID)"
    var response = try await next(input, context)
    let time = clock.monotonic() - start
    RequestEnvelope.dress(&response, input, requestID: context.requestID)
    if response.headers[.connection] == "close" || RequestEnvelope.mayGoOn(input, context.trace) {
      response.headers[.connection] = "close"
      response.closeAfterwards(context.channel)
    }
    // Nobody knows how long an export is before it is made, and it is not 0 bytes. A body that is put in place says it again.
    if input.method == .head, response.headers[.tallyTo] != nil { response.headers[.contentLength] = nil }
    let route = context.endpointPath ?? ""
    let isKnown = !route.isEmpty && !route.hasSameBytes(as: "NotFound")
    meters.record(
      route: isKnown ? route : "none", method: input.method.rawValue, status: response.status.code, time: time)
    log(input, context, response, route: isKnown ? route : RequestEnvelope.shownPath(input.uri.path), time: time)
    return response
  }

  /// Whether more of the request may come than is worth dropping: its body was not read to the end, and it is long or
  /// does not say how long it is.
  private static func mayGoOn(_ request: Request, _ trace: RequestTrace) -> Bool {
    guard !trace.isBodyRead else { return false }
    if request.headers[.transferEncoding] != nil { return true }
    guard let length = request.headers[.contentLength] else { return false }
    return Int(length).map { $0 > HTTPLimits.jsonBodyBytes } ?? true
  }

  /// The headers of every answer: nothing here is a page, is to be kept by a proxy, or is to be guessed at by a
  /// browser.
  private static func dress(_ response: inout Response, _ request: Request, requestID: String) {
    response.headers[.xRequestID] = requestID
    response.headers[.xContentTypeOptions] = "nosniff"
    response.headers[.cacheControl] = "no-store"
    response.headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
    // An answer to HEAD has the headers of GET and no body (RFC 9110 section 9.3.2).
    guard request.method == .head else { return }
    response = response.createHeadResponse()
    guard response.headers[.tallyTo] != nil else { return }
    // What has no length ends with the connection, since the server would write the last chunk of a body that HEAD has not.
    response.headers[.connection] = "close"
  }

  private func log(
    _ request: Request, _ context: GatewayContext, _ response: Response, route: String, time: Duration
  ) {
    let level: Logger.Level =
      switch response.status.code {
      case 500...: .error
      case _ where RequestEnvelope.quietRoutes.contains(route): .debug
      default: .info
      }
    guard context.logger.logLevel <= level else { return }
    var metadata: Logger.Metadata = [
      "method": "\(request.method.rawValue.prefix(16))", "route": "\(route)", "status": "\(response.status.code)",
      "ms": "\(time.wholeNanoseconds / 1_000_000)",
    ]
    for field in context.trace.fields { metadata[field.name] = "\(field.value)" }
    context.logger.log(level: level, "request", metadata: metadata)
  }

  /// Routes that machines ask every few seconds.
  private static let quietRoutes = ["/healthz", "/readyz", "/metrics"]

  /// A path that no route answers to, fit for a log line: bounded, and without anything that could end the line.
  static func shownPath(_ path: String) -> String {
    let bytes = path.utf8.prefix(HTTPLimits.loggedPathBytes).map { byte in
      (0x21...0x7E).contains(byte) ? byte : UInt8(ascii: "?")
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension HTTPField.Name {
  /// Keeps browsers from guessing types.
  static let xContentTypeOptions = Self("X-Content-Type-Options")!
}
