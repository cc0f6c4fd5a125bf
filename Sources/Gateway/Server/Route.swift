package import HTTPTypes

/// Every route of the gateway; whatever is not here is 404, or 405 where its path is.
package enum Route: String, Sendable, CaseIterable {
  /// An edit in the provider's wire format.
  case submitEdit
  /// A picture to be edited.
  case uploadAsset
  /// A record in the provider's wire format.
  case result
  /// The priced models.
  case models
  /// The same, under the member surface's prefix.
  case modelsUnderAPI
  /// Who the key stands for, and its budgets.
  case me
  /// What an edit would cost.
  case estimate
  /// Records, newest first.
  case records
  /// One record in full.
  case record
  /// What a member thinks of a record.
  case rateRecord
  /// The team's members.
  case members
  /// A new member.
  case addMember
  /// A change of a member.
  case changeMember
  /// The team's API keys.
  case keys
  /// A new key.
  case issueKey
  /// A new key in an old one's place.
  case rotateKey
  /// The end of a key.
  case revokeKey
  /// The team.
  case team
  /// A change of the team.
  case changeTeam
  /// The log's newest signed head.
  case checkpoint
  /// The proof of one line of the log.
  case proof
  /// A range of the audit log.
  case auditExport
  /// The statement of a month.
  case statement
  /// What the team used.
  case usage
  /// What that cost.
  case costs
  /// Who changed, read or took away what.
  case auditLogs
  /// Whether the process is alive.
  case alive
  /// Whether the database answers.
  case ready
  /// Metrics for Prometheus.
  case metrics
  /// The description of all of this.
  case openAPI

  /// The path, with parameters in braces as OpenAPI writes them.
  package var pattern: String {
    switch self {
    case .submitEdit: "/api/features"
    case .uploadAsset: "/api/assets"
    case .result: "/api/results/{uuid}"
    case .models: "/models"
    case .modelsUnderAPI: "/api/models"
    case .me: "/v1/me"
    case .estimate: "/v1/estimate"
    case .records: "/v1/records"
    case .record, .rateRecord: "/v1/records/{uuid}"
    case .members, .addMember: "/v1/members"
    case .changeMember: "/v1/members/{userId}"
    case .keys, .issueKey: "/v1/keys"
    case .rotateKey: "/v1/keys/{id}/rotate"
    case .revokeKey: "/v1/keys/{id}"
    case .team, .changeTeam: "/v1/team"
    case .checkpoint: "/v1/audit/checkpoint"
    case .proof: "/v1/audit/proof/{index}"
    case .auditExport: "/v1/audit/export"
    case .statement: "/v1/statements/{period}"
    case .usage: "/v1/organization/usage/images"
    case .costs: "/v1/organization/costs"
    case .auditLogs: "/v1/organization/audit_logs"
    case .alive: "/healthz"
    case .ready: "/readyz"
    case .metrics: "/metrics"
    case .openAPI: "/openapi.json"
    }
  }

  /// The method.
  package var method: HTTPRequest.Method {
    switch self {
    case .submitEdit, .uploadAsset, .estimate, .addMember, .issueKey, .rotateKey: .post
    case .changeMember, .changeTeam, .rateRecord: .patch
    case .revokeKey: .delete
    default: .get
    }
  }
}

extension Route {
  /// The methods that routes at a path take, in alphabetical order; none where no route has that path.
  package static func methods(at path: String) -> [HTTPRequest.Method] {
    let asked = path.split(separator: "/")
    var methods: Set<HTTPRequest.Method> = []
    for route in allCases {
      let parts = route.pattern.split(separator: "/")
      guard parts.count == asked.count,
        zip(parts, asked).allSatisfy({ $0.utf8.first == UInt8(ascii: "{") || $0.utf8.elementsEqual($1.utf8) })
      else { continue }
      methods.insert(route.method)
      // Each GET answers to HEAD, too.
      if route.method == .get { methods.insert(.head) }
    }
    return methods.sorted { $0.rawValue < $1.rawValue }
  }
}
