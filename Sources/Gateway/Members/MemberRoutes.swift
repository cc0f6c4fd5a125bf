import Hummingbird
import Ledger
import LedgerStore

/// What a member asks about itself: `GET /v1/me` and `POST /v1/estimate` (docs/http.md).
struct MemberRoutes: Sendable {
  let admission: Admission
  let ledger: any LedgerAccess
  let assets: OwnedAssets
  let edits: EditRoutes
  let clock: GatewayClock
  let ids: GatewayIDs

  /// `GET /v1/me`: who the key stands for, and every budget that an edit has to fit.
  @Sendable
  func me(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admission.admit(request.headers, .any, context.trace)
    let budgets: [BudgetView]
    do {
      budgets = try await ledger.budgets(of: principal)
    } catch {
      throw GatewayError(error)
    }
    return .json { writer in
      writer.field("teamId", principal.team.description)
      writer.field("teamName", principal.teamName)
      writer.field("userId", principal.userID)
      writer.field("userName", principal.userName)
      writer.field("role", principal.role.rawValue)
      writer.field("keyId", principal.key.description)
      writer.array("scopes") { writer in for scope in principal.scopes.names { writer.string(scope) } }
      writer.field("timeZone", principal.timeZone)
      writer.array("budgets") { writer in
        for budget in budgets {
          writer.object { writer in
            writer.field("scope", budget.scope.rawValue)
            writer.field("subject", budget.subject)
            writer.field("period", budget.period.rawValue)
            MemberRoutes.writeAmounts(of: budget, &writer)
          }
        }
      }
    }
  }

  /// `POST /v1/estimate`: what an edit with this body would cost and whether it would be admitted now. The same checks
  /// as for the edit itself; nothing is written and nothing is promised.
  @Sendable
  func estimate(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admission.admit(request.headers, .submit, context.trace)
    let submission = try await edits.read(request, context)
    try await assets.check(submission.image, of: principal.team)
    let job = EditFlow.Job(
      record: ids.record(at: clock.now()), submission: submission, principal: principal, clientAddress: nil)
    let estimate: Estimate
    do {
      estimate = try await ledger.estimate(job.holdRequest)
    } catch {
      throw GatewayError(error)
    }
    return .json { writer in
      writer.field("credits", estimate.credits)
      writer.field("admitted", estimate.refusedBy == nil)
      guard let budget = estimate.refusedBy else {
        writer.nullField("refusedBy")
        return
      }
      writer.object("refusedBy") { writer in
        writer.field("scope", budget.scope.rawValue)
        MemberRoutes.writeAmounts(of: budget, &writer)
      }
    }
  }

  private static func writeAmounts(of budget: BudgetView, _ writer: inout JSONWriter) {
    writer.field("limit", budget.limit)
    writer.field("used", budget.used)
    writer.field("held", budget.held)
    writer.field("available", budget.available)
    writer.field("resetsAt", budget.resetsAt)
  }
}
