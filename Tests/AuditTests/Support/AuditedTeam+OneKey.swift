import Ledger

/// A team of one member with one key and no limits, for tests that say themselves which edits there are.
extension AuditedTeam {
  static let oneMember = MemberID(bits: 0xada)
  static let oneKey = KeyID(bits: 0x1)

  /// The team with its first three lines.
  static func withOneKey(seed: UInt64) throws -> AuditedTeam {
    var team = AuditedTeam(seed: seed)
    try team.run(.createTeam(CreateTeamCommand(limit: nil, period: .month)))
    try team.run(.addMember(AddMemberCommand(member: oneMember, role: .member, limit: nil, period: .month)))
    try team.run(.issueKey(IssueKeyCommand(key: oneKey, member: oneMember, limit: nil, period: .month)))
    return team
  }

  /// Holds an edit of that key, of which model, quality and size are always the same.
  static func hold(_ record: RecordID, n: Int = 1) -> Command {
    .hold(
      HoldCommand(
        record: record, member: oneMember, key: oneKey, model: "m", quality: "medium", size: "1024x1024", n: n,
        instance: InstanceID(bits: 7)))
  }

  /// The headers of all holds, by their edits.
  func holds() throws -> [RecordID: LineHeader] {
    var holds: [RecordID: LineHeader] = [:]
    for line in lines {
      if case (let header, .held(let held)) = try Line.parse(line) { holds[held.record] = header }
    }
    return holds
  }
}
