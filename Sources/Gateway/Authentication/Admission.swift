package import HTTPTypes
package import LedgerStore

/// The first three checks of every request, in their order: 401, 403, 429 (docs/http.md, order of checks). Nothing of
/// the body is read before they are passed.
package struct Admission: Sendable {
  private let authenticator: Authenticator
  private let limiter: RateLimiter

  /// An admission by these two.
  package init(authenticator: Authenticator, limiter: RateLimiter) {
    self.authenticator = authenticator
    self.limiter = limiter
  }

  /// Who may go on. Throws 401, 403, 429, and 503 when the store cannot be asked.
  package func admit(
    _ headers: HTTPFields, _ permission: Permission, _ trace: RequestTrace
  ) async throws(GatewayError) -> Principal {
    let principal = try await authenticator.principal(of: headers)
    trace.note(principal)
    guard permission.isGranted(to: principal) else {
      throw GatewayError(.forbidden, .forbidden, "This key, or its owner's role, does not allow this.")
    }
    try limiter.take(principal)
    return principal
  }
}
