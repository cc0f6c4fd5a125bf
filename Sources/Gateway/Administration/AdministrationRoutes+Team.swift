import Hummingbird
import Ledger
import LedgerStore

extension AdministrationRoutes {
  /// `GET /v1/team`.
  @Sendable
  func team(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admit(request, context)
    let team = try await ask { () throws(StoreError) in try await ledger.team(principal.team) }
    return .json { writer in team.writeFields(to: &writer) }
  }

  /// `PATCH /v1/team`.
  @Sendable
  func changeTeam(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let principal = try await admit(request, context)
    let body = try TeamChangeBody(try await fields(request, context))
    let changed = try await ask { () throws(StoreError) in
      try await ledger.changeTeam(principal.team, body.change, by: administrator(principal, body.reason))
    }
    return .json { writer in changed.writeFields(to: &writer) }
  }
}

extension TeamView {
  /// Writes the fields of a team, as the command line shows it.
  func writeFields(to writer: inout JSONWriter) {
    writer.field("teamId", id.description)
    writer.field("name", name)
    writer.field("status", status.rawValue)
    writer.field("period", period.rawValue)
    budget.writeCredits(to: &writer)
    writer.field("timeZone", timeZone)
    writer.field("inDoubtChargeAfterSeconds", inDoubtChargeSeconds)
    writer.field("isHalted", isHalted)
    writer.field("isOnLegalHold", isOnLegalHold)
    writer.field("keepRecordsDays", keepDays)
    writer.field("removedBefore", removedBefore)
    writer.field("log", logOrigin)
    writer.field("logSize", logSize)
    writer.field("createdAt", createdAt)
  }
}
