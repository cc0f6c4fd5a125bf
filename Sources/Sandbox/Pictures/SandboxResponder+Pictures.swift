import Hummingbird
import NIOCore

extension SandboxResponder {
  /// `GET /asset.1min.ai/{key}`: what a presigned address leads to.
  func picture(_ request: Request, key: String) async -> Response {
    guard addresses(for: request).isSigned(key, query: request.uri.query) else { return Response(.forbidden) }
    let bytes: ByteBuffer
    let format: PictureFormat
    switch storage.item(key) {
    case nil: return Response(.notFound)
    case .asset(let picture):
      bytes = picture.bytes
      format = picture.format
    case .result(let recipe):
      format = recipe.format
      do {
        bytes = try await renderer.picture(key: key, recipe: recipe)
      } catch {
        return Response(error == .busy ? .busy : .internalError)
      }
    }
    return Response(
      status: .ok, headers: [.contentType: format.mediaType], body: ResponseBody(byteBuffer: bytes))
  }
}
