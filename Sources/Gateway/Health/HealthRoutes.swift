import HTTPTypes
import Hummingbird
import NIOCore

/// What operators and their machines ask: alive, ready, metrics (docs/http.md, operations).
struct HealthRoutes: Sendable {
  let readiness: Readiness
  let registry: PrometheusRegistry

  /// Alive: touches nothing, so that it answers with every database connection stalled.
  @Sendable
  func alive(_ request: Request, _ context: GatewayContext) async throws -> Response {
    .json { $0.field("status", "ok") }
  }

  /// Ready: 200 where the database answers, else 503.
  @Sendable
  func ready(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let isReady = await readiness.isReady
    var response = Response.json { $0.field("status", isReady ? "ready" : "database not reachable") }
    if !isReady { response.status = .serviceUnavailable }
    return response
  }

  /// The metrics as Prometheus reads them.
  @Sendable
  func metrics(_ request: Request, _ context: GatewayContext) async throws -> Response {
    var headers = HTTPFields()
    headers[.contentType] = PrometheusRegistry.contentType
    return Response(
      status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: registry.text)))
  }
}
