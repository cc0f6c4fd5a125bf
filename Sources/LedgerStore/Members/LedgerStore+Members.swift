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

  /// A page of a team's members, in the order of their user ids.
  /// - Parameters:
  ///   - after: the user id that the page before ended with; nil: from the first on.
  ///   - limit: how many at most, from 1.
  /// - Throws: `unavailable`.
  package func members(of team: TeamID, after: String?, limit: Int) async throws(StoreError) -> Page<MemberView> {
    guard Self.isStorable(after ?? "") else { return Page(elements: [], hasMore: false) }
    // One more than is shown tells whether there are more.
    let found = try await rows(.membersOfPage, team.uuid, after ?? "", Int64(limit + 1), of: team)
    return Page(elements: found.prefix(limit).map { $0.view(zones: zones) }, hasMore: found.count > limit)
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
