import HTTPTypes
import Hummingbird

extension GatewayServer {
  /// The router with every route of `Route`.
  func makeRouter() -> Router<GatewayContext> {
    let router = Router(context: GatewayContext.self, options: .autoGenerateHeadEndpoints)
    router.addMiddleware {
      RequestEnvelope(ids: parts.ids, clock: parts.clock, meters: HTTPMeters(factory: parts.registry))
      OutermostErrorMiddleware()
    }
    for route in Route.allCases {
      router.on(RouterPath(route.pattern), method: route.method, use: handler(of: route))
    }
    // The router's own answers to HEAD say that there are 0 bytes where GET does not know how many it will send.
    router.on(RouterPath(Route.auditExport.pattern), method: .head, use: handler(of: .auditExport))
    return router
  }

  private typealias Handler = @concurrent @Sendable (Request, GatewayContext) async throws -> Response

  private func handler(of route: Route) -> Handler {
    switch route {
    case .submitEdit: { [edits] in try await edits.submit($0, $1) }
    case .uploadAsset: { [uploads] in try await uploads.upload($0, $1) }
    case .result: { [records] in try await records.result($0, $1) }
    case .models, .modelsUnderAPI: { [models] in try await models.list($0, $1) }
    case .me: { [members] in try await members.me($0, $1) }
    case .estimate: { [members] in try await members.estimate($0, $1) }
    case .records: { [records] in try await records.list($0, $1) }
    case .record: { [records] in try await records.show($0, $1) }
    case .rateRecord: { [records] in try await records.rate($0, $1) }
    case .members: { [administration] in try await administration.members($0, $1) }
    case .addMember: { [administration] in try await administration.addMember($0, $1) }
    case .changeMember: { [administration] in try await administration.changeMember($0, $1) }
    case .keys: { [administration] in try await administration.keys($0, $1) }
    case .issueKey: { [administration] in try await administration.issueKey($0, $1) }
    case .rotateKey: { [administration] in try await administration.rotateKey($0, $1) }
    case .revokeKey: { [administration] in try await administration.revokeKey($0, $1) }
    case .team: { [administration] in try await administration.team($0, $1) }
    case .changeTeam: { [administration] in try await administration.changeTeam($0, $1) }
    case .checkpoint: { [heads] in try await heads.checkpoint($0, $1) }
    case .proof: { [heads] in try await heads.proof($0, $1) }
    case .auditExport: { [exports] in try await exports.export($0, $1) }
    case .statement: { [exports] in try await exports.statement($0, $1) }
    case .usage: { [reports] in try await reports.usage($0, $1) }
    case .costs: { [reports] in try await reports.costs($0, $1) }
    case .auditLogs: { [auditLogs] in try await auditLogs.list($0, $1) }
    case .alive: { [health] in try await health.alive($0, $1) }
    case .ready: { [health] in try await health.ready($0, $1) }
    case .metrics: { [health] in try await health.metrics($0, $1) }
    case .openAPI: { [document] _, _ in .json(document.bytes) }
    }
  }
}
