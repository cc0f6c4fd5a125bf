import HTTPTypes
import Hummingbird
import Logging
import NIOHTTP1

/// Turns every error into an answer in the shape of its surface, so that no client ever sees an empty 500. What nobody
/// foresaw becomes `INTERNAL`, with the request's id, and stands in the log.
struct OutermostErrorMiddleware: RouterMiddleware {
  func handle(
    _ input: Request, context: GatewayContext, next: @concurrent (Request, GatewayContext) async throws -> Response
  ) async throws -> Response {
    let error: GatewayError
    do {
      return try await next(input, context)
    } catch let thrown as GatewayError {
      error = thrown
    } catch let thrown as HTTPParserError {
      // What is no HTTP is answered by the server, which then closes the connection.
      throw thrown
    } catch let thrown as HTTPError {
      let methods = thrown.status == .notFound ? Route.methods(at: input.uri.path) : []
      if !methods.isEmpty, !methods.contains(input.method) { return answer(notAllowed: methods, input, context) }
      error = OutermostErrorMiddleware.error(for: thrown.status)
    } catch {
      context.logger.error("An unforeseen error.", metadata: ["error": "\(String(reflecting: type(of: error)))"])
      return answer(.internalFault, input, context)
    }
    return answer(error, input, context)
  }

  private func answer(_ error: GatewayError, _ request: Request, _ context: GatewayContext) -> Response {
    context.trace.note(error.code)
    return error.response(on: Surface(path: request.uri.path), requestID: context.requestID)
  }

  /// 405: other methods are there.
  private func answer(
    notAllowed methods: [HTTPRequest.Method], _ request: Request, _ context: GatewayContext
  ) -> Response {
    let allowed = methods.map(\.rawValue).joined(separator: ", ")
    var response = answer(
      GatewayError(.methodNotAllowed, .methodNotAllowed, "This route takes \(allowed)."), request, context)
    // RFC 9110 section 15.5.6 wants it.
    response.headers[.allow] = allowed
    return response
  }

  /// What the server's own errors mean: nearly always that no route answers to the path.
  private static func error(for status: HTTPResponse.Status) -> GatewayError {
    switch status {
    case .notFound, .methodNotAllowed: .notFound("This route")
    case .contentTooLarge: .tooLarge(limit: HTTPLimits.jsonBodyBytes)
    case _ where status.kind == .clientError:
      GatewayError(status, .invalidFields, "The request cannot be read.")
    default: .internalFault
    }
  }
}
