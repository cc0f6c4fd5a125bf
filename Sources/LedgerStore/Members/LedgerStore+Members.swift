package import Ledger
import Postgres

extension LedgerStore {
  /// The members of a team, the oldest first.
  /// - Throws: `unavailable`.
  package func members(of team: TeamID) async throws(StoreError) -> [MemberView] {
    var rows: [MemberRow] = []
    var after = MemberID(bits: 0)
    while true {
      let page = try await self.rows(.membersAfter, team.uuid, after.uuid, Int64(Self.pageSize), of: team)
      rows += page
      guard page.count == Self.pageSize, let last = page.last else { break }
      after = last.view.id
    }
    return rows.map { $0.view(zones: zones) }.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
  }

  /// The member that the administrator calls `userID`.
  /// - Throws: `notFound`; `unavailable`.
  package func member(of team: TeamID, userID: String) async throws(StoreError) -> MemberView {
    guard Self.isStorable(userID),
      let row = try await rows(.memberByUserID, team.uuid, userID, of: team).first
    else { throw StoreError(.notFound("the member")) }
    return row.view(zones: zones)
  }

  /// A member's budget of the running period, also before its first row.
  /// - Throws: `notFound`; `unavailable`.
  package func memberBudget(team: TeamID, member: MemberID) async throws(StoreError) -> BudgetView {
    guard let row = try await rows(.memberByID, team.uuid, member.uuid, of: team).first else {
      throw StoreError(.notFound("the member"))
    }
    return row.view(zones: zones).budget
  }
}
