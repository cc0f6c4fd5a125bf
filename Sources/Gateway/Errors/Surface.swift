import HTTPTypes
package import Hummingbird
import NIOCore

/// Whose shapes a path speaks.
package enum Surface: Sendable, Equatable {
  /// The Feature API's wire format; also for paths that nothing answers to.
  case member
  /// Tally's own, under `/v1`.
  case own

  /// The surface of a path.
  package init(path: String) {
    let isOwn = path.utf8.starts(with: "/v1/".utf8) || path.hasSameBytes(as: "/v1")
    self = isOwn ? .own : .member
  }
}

extension GatewayError {
  /// The answer in the shape of `surface`. `requestID` lets an operator find the request.
  package func response(on surface: Surface, requestID: String) -> Response {
    var headers = HTTPFields()
    let body: [UInt8]
    switch surface {
    case .member:
      headers[.contentType] = Response.jsonType
      body = memberBody
    case .own:
      headers[.contentType] = "application/problem+json"
      body = problemBody(requestID: requestID)
    }
    if let retryAfterSeconds { headers[.retryAfter] = String(retryAfterSeconds) }
    // RFC 9110 section 15.5.2 wants a challenge with each 401.
    if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
    if closesConnection { headers[.connection] = "close" }
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
  }
}
