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

  /// `GET /v1/me`: who the key stands for, and every budget that an edit has to fit; with `?periods=` also what was used of
  /// them in so many periods before.
  @Sendable
  func me(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admission.admit(request.headers, .any, context.trace)
    let periods = try MemberRoutes.periods(QueryParameters(request.uri.query))
    let budgets: [BudgetView]
    var past: [PastBudget]?
    do {
      budgets = try await ledger.budgets(of: principal)
      if let periods { past = try await ledger.budgetHistory(of: principal, periods: periods) }
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
            if let past { MemberRoutes.write(past.filter { $0.scope == budget.scope }, &writer) }
          }
        }
      }
    }
  }

  /// How many earlier periods are asked for; nil: none.
  private static func periods(_ query: QueryParameters) throws(GatewayError) -> Int? {
    let known = ["periods"]
    var faults = query.faults(otherThan: known) + query.faults(repeating: known)
    var periods: Int?
    if let text = query["periods"] {
      periods = RecordQuery.wholeNumber(text)
      if periods.map((1...LedgerStore.pastPeriodsMaximum).contains) != true {
        faults.append(FieldFault("periods", "must be a whole number from 1 to \(LedgerStore.pastPeriodsMaximum)"))
      }
    }
    guard faults.isEmpty else { throw .invalid(faults) }
    return periods
  }

  private static func write(_ past: [PastBudget], _ writer: inout JSONWriter) {
    writer.array("history") { writer in
      for period in past {
        writer.object { writer in
          writer.field("periodStart", period.start)
          writer.field("periodEnd", period.end)
          writer.field("limit", period.limit)
          writer.field("used", period.used)
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
