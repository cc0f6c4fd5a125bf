import Ledger
import Postgres

extension LedgerStore {
  /// The budgets that an edit of `principal` must fit, of the running period: the team's, the member's, and the key's
  /// where it has one. Also those that have no row yet, as the next hold would open them.
  /// - Throws: `notFound` when one of the three has gone; `unavailable`.
  package func budgets(of principal: Principal) async throws(StoreError) -> [BudgetView] {
    let team = principal.team
    var scope = RequestScope(team: team)
    let teams = scope.append(.teamByID, team.uuid)
    let members = scope.append(.memberByID, team.uuid, principal.member.uuid)
    let keys = scope.append(.keyByID, team.uuid, principal.key.uuid)
    let results = try await scope.run(on: requestPool)
    guard let teamRow = try results.decoded(teams).first, let memberRow = try results.decoded(members).first,
      let keyRow = try results.decoded(keys).first
    else { throw StoreError(.notFound("the key")) }
    return [teamRow.view(zones: zones).budget, memberRow.view(zones: zones).budget]
      + (keyRow.view(zones: zones).budget.map { [$0] } ?? [])
  }

  /// What an edit would cost and whether its budgets have room for it now. The ledger decides on a book of what the edit
  /// needs; nothing is written, and nothing is promised.
  /// - Throws: what the hold would: `notAllowed`, `unpriced`, `notFound`; `unavailable`.
  package func estimate(_ request: HoldRequest) async throws(StoreError) -> Estimate {
    let team = request.team
    var scope = RequestScope(team: team)
    let teams = scope.append(.teamByID, team.uuid)
    let members = scope.append(.memberByID, team.uuid, request.member.uuid)
    let keys = scope.append(.keyByID, team.uuid, request.key.uuid)
    let prices = scope.append(.priceEntries)
    let results = try await scope.run(on: requestPool)
    guard let teamRow = try results.decoded(teams).first, let memberRow = try results.decoded(members).first,
      let keyRow = try results.decoded(keys).first
    else { throw StoreError(.notFound("the key")) }
    let book = TeamBook(team: teamRow, member: memberRow, key: keyRow)
    let now = teamRow.now
    let month =
      zones.monthBounds(at: now, timeZone: teamRow.view.timeZone) ?? .utcMonth(containing: now)
    let context = DecisionContext(
      at: now, month: month, prices: PriceBook(try results.decoded(prices)), actor: .key(request.key),
      commitment: .zero)
    let command = HoldCommand(
      record: request.record, member: request.member, key: request.key, model: request.model,
      quality: request.quality, size: request.size, n: request.n, instance: settings.instance)
    do {
      return try Estimate(book.decide(.hold(command), context).outcome, userID: memberRow.view.userID, key: request.key)
    } catch {
      throw StoreError(rule: error)
    }
  }
}
