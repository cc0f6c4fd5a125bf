import Hummingbird
import Ledger
import LedgerStore

extension AdministrationRoutes {
  /// `GET /v1/members`.
  @Sendable
  func members(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admit(request, context)
    let query = try ListQuery(QueryParameters(request.uri.query))
    let page = try await ask { () throws(StoreError) in
      try await ledger.members(of: principal.team, after: query.after, limit: query.limit)
    }
    return .page(page, next: \.userID) { member, writer in member.writeFields(to: &writer) }
  }

  /// `POST /v1/members`.
  @Sendable
  func addMember(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admit(request, context)
    let body = try NewMemberBody(try await fields(request, context), team: principal.team, id: ids.id())
    let added = try await ask { () throws(StoreError) in
      try await ledger.addMember(body.member, by: administrator(principal, body.reason))
    }
    return .created { writer in added.writeFields(to: &writer) }
  }

  /// `PATCH /v1/members/{userId}`.
  @Sendable
  func changeMember(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admit(request, context)
    let body = try MemberChangeBody(try await fields(request, context))
    guard let user = context.parameters.get("userId").flatMap({ PercentCoding.decode($0) }) else {
      throw GatewayError.notFound("The member")
    }
    let changed = try await ask { () throws(StoreError) in
      try await ledger.changeMember(
        team: principal.team, userID: user, body.change, by: administrator(principal, body.reason))
    }
    return .json { writer in changed.writeFields(to: &writer) }
  }
}

extension MemberView {
  /// Writes the fields of a member, as the command line shows it.
  func writeFields(to writer: inout JSONWriter) {
    writer.field("userId", userID)
    writer.field("userName", userName)
    writer.field("role", role.rawValue)
    writer.field("status", status.rawValue)
    writer.field("period", budget.period.rawValue)
    budget.writeCredits(to: &writer)
    writer.field("teamId", team.description)
    writer.field("userAvatar", userAvatar)
    writer.field("createdAt", createdAt)
    writer.field("createdBy", createdBy)
    writer.field("updatedAt", updatedAt)
    writer.field("updatedBy", updatedBy)
  }
}

extension BudgetView {
  /// Writes limit and use under the names of members and teams.
  func writeCredits(to writer: inout JSONWriter) {
    writer.field("creditLimit", limit)
    writer.field("usedCredit", used)
    writer.field("heldCredit", held)
    writer.field("availableCredit", available)
    writer.field("resetsAt", resetsAt)
  }
}
