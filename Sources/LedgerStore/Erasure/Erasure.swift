package import Ledger
import Postgres

/// Something personal that is being taken away, or was: a row of `tally.erasure`. It is done in many short transactions,
/// and goes on from its row where it was cut off.
package struct Erasure: Sendable, Hashable {
  /// Its id, which the line has that tells of it.
  package var id: NoteID
  /// What is taken away.
  package var target: PrivateErased.Target
  /// Only what stands in lines below this place, also in logs that were replaced: what came later is not meant.
  package var until: Int64
  /// Lines below this place are done.
  package var next: Int64
  /// Rows that were taken away or emptied so far.
  package var counted: Int64
  /// Index of the line that tells of it; nil: it is not done. As it is stored, the line's place.
  package var index: Int64?

  /// The erasure with indexes of the log that begins at the place `base`.
  func counted(from base: Int64) -> Erasure {
    var erasure = self
    erasure.until = max(0, until - base)
    erasure.next = max(0, next - base)
    erasure.index = index.map { $0 - base }
    return erasure
  }

  /// An erasure with these fields.
  package init(
    id: NoteID, target: PrivateErased.Target, until: Int64, next: Int64 = 0, counted: Int64 = 0, index: Int64? = nil
  ) {
    self.id = id
    self.target = target
    self.until = until
    self.next = next
    self.counted = counted
    self.index = index
  }
}

extension Event {
  /// The members of whom something personal stands in the line's payload.
  /// - Parameters:
  ///   - actor: who brought it about: what a member did over HTTP has its user id in the payload.
  ///   - member: whose edit the line tells of; nil: it tells of none.
  ///   - owner: the member whose key it is.
  func membersTold(by actor: Actor, editOf member: MemberID?, owner: (KeyID) -> MemberID?) -> [MemberID] {
    var members = [member].compactMap(\.self)
    if case .key(let key) = actor, let owner = owner(key) { members.append(owner) }
    switch self {
    case .held(let event): members.append(event.member)
    case .refused(let event): members.append(event.member)
    case .memberAdded(let event): members.append(event.member)
    case .memberChanged(let event): members.append(event.member)
    case .memberSuspended(let event): members.append(event.member)
    case .keyIssued(let event): members.append(event.member)
    case .keyRotated(let event): members.append(event.member)
    case .keyRevoked(let event): if let owner = owner(event.key) { members.append(owner) }
    case .limitChanged(let event) where event.scope == .member: members.append(MemberID(bits: event.subject))
    case .limitChanged(let event) where event.scope == .key:
      if let owner = owner(KeyID(bits: event.subject)) { members.append(owner) }
    case .alertChanged(let event): members += budgetOwner(event.scope, event.subject, owner)
    case .alertDelivered(let event): members += budgetOwner(event.scope, event.subject, owner)
    default: break
    }
    return members
  }

  /// The member whose budget, or whose key's, an alert is on.
  private func budgetOwner(
    _ scope: BudgetScope, _ subject: UInt128, _ owner: (KeyID) -> MemberID?
  ) -> [MemberID] {
    switch scope {
    case .team: []
    case .member: [MemberID(bits: subject)]
    case .key: [owner(KeyID(bits: subject))].compactMap(\.self)
    }
  }
}

extension RowReader {
  /// Reads id, member, records, lines, until, next, count and index of an erasure.
  mutating func erasure() throws(PostgresError) -> Erasure {
    let id = try id(NoteID.self)
    let member = try optionalID(MemberID.self)
    let records = try next([PostgresUUID]?.self)
    let before = try next(Int64?.self)
    let target: PrivateErased.Target
    switch (member, records, before) {
    case (let member?, nil, nil): target = .member(member)
    case (nil, let records?, nil): target = .records(records.map { RecordID($0) })
    case (nil, nil, let before?): target = .lines(before: before)
    default: throw PostgresError(.decoding, outcome: .unknown, reason: "an erasure without a target")
    }
    return Erasure(
      id: id, target: target, until: try next(), next: try next(), counted: try next(), index: try next())
  }
}

extension Statement where Row == Erasure {
  /// The erasures of a team's log, the oldest first: team, whether only those that are not done, at most so many.
  static let erasuresOfTeam = Statement(
    "erasures of team",
    """
    SELECT e.erasure_id, e.member_id, e.record_ids, e.lines_before, e.until_index, e.next_index, e.counted, e.index
      FROM tally.erasure AS e
      JOIN tally.team AS t ON t.team_id = e.team_id AND t.log_origin = e.log_origin
     WHERE e.team_id = $1 AND (e.index IS NULL OR NOT $2)
     ORDER BY e.begun_at, e.erasure_id
     LIMIT $3
    """
  ) { (row) throws(PostgresError) in try row.erasure() }

  /// One erasure: team, id.
  static let erasureByID = Statement(
    "erasure by id",
    """
    SELECT erasure_id, member_id, record_ids, lines_before, until_index, next_index, counted, index
      FROM tally.erasure WHERE team_id = $1 AND erasure_id = $2
    """
  ) { (row) throws(PostgresError) in try row.erasure() }

  /// Begins one: team, id, member, records, lines, until, next. The team is locked; one that is not done goes first.
  static let beginErasure = Statement(
    "begin erasure",
    """
    INSERT INTO tally.erasure (team_id, erasure_id, log_origin, member_id, record_ids, lines_before, until_index,
                               next_index)
    SELECT t.team_id, $2, t.log_origin, $3, $4::uuid[], $5, $6, $7
      FROM tally.team AS t
     WHERE t.team_id = $1
       AND NOT EXISTS (SELECT FROM tally.erasure
                        WHERE team_id = $1 AND log_origin = t.log_origin AND index IS NULL)
    RETURNING erasure_id, member_id, record_ids, lines_before, until_index, next_index, counted, index
    """
  ) { (row) throws(PostgresError) in try row.erasure() }
}
