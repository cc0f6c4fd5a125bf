package import Ledger
import Postgres

/// Members as reports name them: by the team's own user ids, and one that was erased by its id.
extension LedgerStore {
  /// The user id of each member; of one that was erased, the text of its id.
  /// - Throws: `unavailable`.
  package func userIDs(of members: Set<MemberID>, team: TeamID) async throws(StoreError) -> [MemberID: String] {
    guard !members.isEmpty else { return [:] }
    return MemberName.shown(try await rows(.memberNames, team.uuid, members.map(\.uuid), of: team))
  }

  /// The members that have one of these user ids, or were erased and have it as their id. What names nobody is left out.
  /// - Throws: `unavailable`.
  package func memberIDs(named userIDs: [String], team: TeamID) async throws(StoreError) -> [MemberID] {
    let names = userIDs.filter(Self.isStorable)
    let erased = names.compactMap { MemberID($0) }.map(MemberName.userID(ofErased:))
    guard !names.isEmpty else { return [] }
    return try await rows(.membersNamed, team.uuid, names + erased, of: team).map(\.id)
  }
}

/// A member's id and its user id.
struct MemberName: Sendable {
  var id: MemberID
  var userID: String

  /// How reports name it.
  var shownID: String { userID == Self.userID(ofErased: id) ? id.description : userID }

  /// How reports name each of these.
  static func shown(_ names: [MemberName]) -> [MemberID: String] {
    Dictionary(names.map { ($0.id, $0.shownID) }) { first, _ in first }
  }

  /// What stands in the row of a member that was erased: see `LaneWrites.emptyMember`.
  static func userID(ofErased member: MemberID) -> String { "erased-\(member)" }

  /// Reads id and user id.
  init(_ row: inout RowReader) throws(PostgresError) {
    id = try row.id()
    userID = try row.next()
  }
}

extension MemberName {
  /// Names that are read along with a report at most: nearly every team has fewer members, and of a larger one those that are
  /// missing are asked for behind it.
  static let readAlong: Int64 = 1_000

  /// Appends what reads the names of the members in a report, without knowing yet who they are.
  /// - Returns: nil where members are not told apart.
  static func appendNames(for request: UsageRequest, to pipeline: inout Pipeline) -> Pipeline.Slot<MemberName>? {
    guard request.grouping.contains(.member) else { return nil }
    let team = request.team.uuid
    guard let members = request.filters.members else { return pipeline.append(.firstMemberNames, team, readAlong) }
    return pipeline.append(.memberNames, team, members.map(\.uuid))
  }
}

extension Statement where Row == MemberName {
  /// User ids of a team's first members: the team, at most how many.
  static let firstMemberNames = Statement(
    "first member names",
    """
    SELECT member_id, user_id
      FROM tally.member
     WHERE team_id = $1
     ORDER BY member_id
     LIMIT $2
    """
  ) { (row) throws(PostgresError) in try MemberName(&row) }

  /// User ids of members: the team, the members.
  static let memberNames = Statement(
    "member names",
    """
    SELECT member_id, user_id
      FROM tally.member
     WHERE team_id = $1 AND member_id = ANY ($2::uuid[])
    """
  ) { (row) throws(PostgresError) in try MemberName(&row) }

  /// Members that have one of these user ids: the team, the user ids.
  static let membersNamed = Statement(
    "members named",
    """
    SELECT member_id, user_id
      FROM tally.member
     WHERE team_id = $1 AND user_id = ANY ($2::text[]) AND user_id IS NOT NULL
    """
  ) { (row) throws(PostgresError) in try MemberName(&row) }
}
