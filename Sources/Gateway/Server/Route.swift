package import HTTPTypes

/// Every route of the gateway; whatever is not here is 404.
package enum Route: String, Sendable, CaseIterable {
  case submitEdit
  case uploadAsset
  case result
  case models
  case modelsUnderAPI
  case me
  case estimate
  case records
  case record
  case alive
  case ready
  case metrics
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
    case .record: "/v1/records/{uuid}"
    case .alive: "/healthz"
    case .ready: "/readyz"
    case .metrics: "/metrics"
    case .openAPI: "/openapi.json"
    }
  }

  /// The method.
  package var method: HTTPRequest.Method {
    switch self {
    case .submitEdit, .uploadAsset, .estimate: .post
    default: .get
    }
  }
}
