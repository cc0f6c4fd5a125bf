import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

/// Reads a request's body within bounds of size and time.
///
/// The time is looked at with each piece that arrives. A client that sends nothing at all is left to the connection's
/// idle time-out, so that no timer is needed for each request.
struct BodyReader {
  private let limit: Int
  private let deadline: Duration
  private let clock: GatewayClock
  private var count = 0

  /// A reader of at most `limit` bytes, within `time` from now.
  init(limit: Int, time: Duration, clock: GatewayClock) {
    self.limit = limit
    self.clock = clock
    deadline = clock.monotonic() + time
  }

  /// Throws 413 where the request says itself that it is too long (docs/http.md, order of checks).
  static func checkLength(_ request: Request, limit: Int) throws(GatewayError) {
    guard let text = request.headers[.contentLength], let length = Int(text) else { return }
    guard length <= limit else { throw .tooLarge(limit: limit) }
  }

  /// Passes each piece to `take`. Throws 413, 408, 400 where the connection ends early, and what `take` throws.
  mutating func read(
    _ request: Request, _ trace: RequestTrace, _ take: (ByteBuffer) throws(GatewayError) -> Void
  ) async throws {
    do {
      for try await piece in request.body {
        try accept(piece)
        try take(piece)
      }
      trace.noteBodyRead()
    } catch let error as GatewayError {
      throw error
    } catch let error as HTTPParserError {
      // The server answers what is no HTTP by itself, and closes the connection.
      throw error
    } catch {
      throw GatewayError(
        .badRequest, .invalidFields, "The request body ended before its end.", closesConnection: true)
    }
  }

  private mutating func accept(_ piece: ByteBuffer) throws(GatewayError) {
    count += piece.readableBytes
    guard count <= limit else { throw .tooLarge(limit: limit) }
    guard clock.monotonic() < deadline else {
      throw GatewayError(
        .requestTimeout, .invalidFields, "The request body did not arrive in time.", closesConnection: true)
    }
  }
}

extension BodyReader {
  /// A whole JSON body: what it says, and its bytes as they came; `whenEmpty` is what no body at all says, where there may
  /// be none. Throws 413, 415, 400.
  static func json(
    _ request: Request, _ trace: RequestTrace, clock: GatewayClock, whenEmpty: JSONValue? = nil
  ) async throws -> (value: JSONValue, bytes: [UInt8]) {
    try checkLength(request, limit: HTTPLimits.jsonBodyBytes)
    try checkJSON(request.headers)
    var bytes: [UInt8] = []
    var reader = BodyReader(limit: HTTPLimits.jsonBodyBytes, time: HTTPLimits.jsonBodyTime, clock: clock)
    try await reader.read(request, trace) { piece throws(GatewayError) in
      bytes.append(contentsOf: piece.readableBytesView)
    }
    if bytes.isEmpty, let whenEmpty { return (whenEmpty, []) }
    do throws(JSONFault) {
      return (try JSONReader.parse(bytes), bytes)
    } catch {
      throw GatewayError.invalidJSON(error)
    }
  }

  /// Throws 415 for a body that says that it is something else than plain JSON. Saying nothing is fine.
  private static func checkJSON(_ headers: HTTPFields) throws(GatewayError) {
    if let encoding = headers[.contentEncoding], encoding.lowercased() != "identity" {
      throw .unsupportedMediaType("The body must not be compressed.")
    }
    guard let contentType = headers[.contentType] else { return }
    let essence = String(decoding: Array(contentType.utf8.prefix { $0 != UInt8(ascii: ";") }), as: UTF8.self)
    let name = String(decoding: Array(essence.lowercased().utf8.filter { $0 != 0x20 && $0 != 0x09 }), as: UTF8.self)
    guard name.hasSameBytes(as: "application/json") || name.hasSuffix("+json") else {
      throw .unsupportedMediaType("The body must be application/json.")
    }
  }
}
