import HTTPTypes
import Hummingbird
import Ledger
import LedgerStore
import Logging
import Multipart
import NIOCore
import Upstream

/// `POST /api/assets`: a picture on its way into the provider's storage (docs/http.md).
struct AssetRoutes: Sendable {
  let admission: Admission
  let ledger: any LedgerAccess
  let provider: any Provider
  /// Uploads at once: each holds its whole picture in memory.
  let running: RunningEdits
  let clock: GatewayClock
  let ids: GatewayIDs

  /// Takes a picture, forwards it under a name of ours, and keeps its key as the team's own.
  @Sendable
  func upload(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admission.admit(request.headers, .submit, context.trace)
    try BodyReader.checkLength(request, limit: HTTPLimits.assetBytes + HTTPLimits.assetOverheadBytes)
    guard let boundary = request.headers[.contentType].flatMap(MultipartParser.boundary(fromContentType:)) else {
      throw GatewayError.unsupportedMediaType("The body must be multipart/form-data with a boundary.")
    }
    guard running.enter() else {
      var error = GatewayError.unavailable("Too many uploads are running, or the gateway is stopping.")
      error.closesConnection = true
      throw error
    }
    defer { running.leave() }
    let upload = try await read(request, context.trace, boundary)
    let stored = try await forward(upload, context)
    try await keep(stored, upload, principal)
    let answer = AssetAnswer(
      stored: stored, upload: upload, teamID: principal.team.description, userID: principal.userID,
      fallbackUUID: ids.name(), fallbackTime: clock.now().millisecondText)
    return .json(answer.body)
  }

  private func read(_ request: Request, _ trace: RequestTrace, _ boundary: String) async throws -> Upload {
    let expected = request.headers[.contentLength].flatMap { Int($0) } ?? 0
    var collector = UploadCollector(expected: expected)
    do {
      var parser = try MultipartParser(boundary: boundary)
      var reader = BodyReader(
        limit: HTTPLimits.assetBytes + HTTPLimits.assetOverheadBytes, time: HTTPLimits.assetTime, clock: clock)
      try await reader.read(request, trace) { piece throws(GatewayError) in
        let events: [MultipartEvent]
        do throws(MultipartError) {
          events = try parser.parse(piece)
        } catch {
          throw AssetRoutes.malformed(error)
        }
        try collector.take(events)
      }
      try parser.finish()
    } catch let error as MultipartError {
      throw AssetRoutes.malformed(error)
    }
    return try collector.finish()
  }

  private static func malformed(_ error: MultipartError) -> GatewayError {
    var fault = GatewayError.invalid([
      FieldFault(UploadCollector.field, "the multipart body cannot be read: \(error)")
    ])
    fault.closesConnection = true
    return fault
  }

  private func forward(_ upload: Upload, _ context: GatewayContext) async throws(GatewayError) -> StoredAsset {
    let outcome = await provider.upload(
      AssetUpload(
        requestID: context.requestID, fileName: "\(ids.name()).\(upload.kind.rawValue)",
        mediaType: upload.kind.mediaType, bytes: upload.bytes))
    switch outcome {
    case .stored(let asset): return asset
    case .notDone(let refusal):
      if refusal.cause == .account {
        context.logger.error("The provider refuses the operator's account: look at its key and its credits.")
      }
      let failure = EditFailure(refusal)
      throw GatewayError(
        failure.status, failure.code, failure.message,
        details: failure.upstreamDetails.map { .upstream($0) } ?? .none,
        retryAfterSeconds: failure.retryAfterSeconds)
    case .unknown(let uncertainty):
      context.logger.warning("Nobody can tell what became of an upload.", metadata: ["cause": "\(uncertainty.cause)"])
      let isLate = uncertainty.cause == .timedOut || uncertainty.cause == .reset
      throw GatewayError(
        isLate ? .gatewayTimeout : .badGateway, isLate ? .upstreamTimeout : .upstreamError,
        "The provider did not confirm the upload. Nothing was charged; please upload again.")
    }
  }

  private func keep(_ stored: StoredAsset, _ upload: Upload, _ principal: Principal) async throws(GatewayError) {
    do throws(StoreError) {
      try await ledger.storeAsset(
        NewAsset(
          team: principal.team, storageKey: stored.key, member: principal.member, mediaType: upload.kind.mediaType,
          bytes: Int64(upload.bytes.readableBytes), originalName: upload.originalName, createdAt: clock.now()))
    } catch {
      switch error.reason {
      case .invalid:
        throw GatewayError(.badGateway, .upstreamError, "The provider stored the picture under an unusable key.")
      case .unavailable, .overloaded:
        throw .unavailable("The picture could not be noted as the team's own. Please upload it again.")
      default: throw GatewayError(error)
      }
    }
  }
}
