package import Ledger

/// A team to be made.
package struct NewTeam: Sendable {
  package var id: TeamID
  package var name: String
  /// Credits that the whole team may use in a period; nil: no limit.
  package var limit: Credits?
  package var period: Period
  /// IANA name of the zone in which its months begin.
  package var timeZone: String

  /// A team without a limit, with calendar months in UTC.
  package init(id: TeamID, name: String, limit: Credits? = nil, period: Period = .month, timeZone: String = "UTC") {
    self.id = id
    self.name = name
    self.limit = limit
    self.period = period
    self.timeZone = timeZone
  }
}

/// What is to be changed of a team.
package struct TeamChange: Sendable {
  package var status: Change<AccountStatus>
  package var limit: Change<Credits?>
  /// Takes effect with the next period.
  package var period: Change<Period>
  /// Takes effect with the next period.
  package var timeZone: Change<String>
  /// Seconds in doubt after which an edit is charged in full; nil: never.
  package var inDoubtChargeSeconds: Change<Int64?>

  /// A change of what is named and of nothing else.
  package init(
    status: Change<AccountStatus> = .keep, limit: Change<Credits?> = .keep, period: Change<Period> = .keep,
    timeZone: Change<String> = .keep, inDoubtChargeSeconds: Change<Int64?> = .keep
  ) {
    self.status = status
    self.limit = limit
    self.period = period
    self.timeZone = timeZone
    self.inDoubtChargeSeconds = inDoubtChargeSeconds
  }
}

/// Who administers, and why: personal, so it stands in the line's private payload.
package struct Administrator: Sendable {
  /// Name of the operating system's user, or the id of the member whose key asked.
  package var name: String
  package var reason: String?
  /// The key that asked, over HTTP; nil: somebody at the command line. It stands in the line as the actor.
  package var key: KeyID?
  /// Whose key that is; nil: somebody at the command line.
  package var member: MemberID?

  /// An administrator with a reason, if one was given.
  package init(name: String, reason: String? = nil, key: KeyID? = nil, member: MemberID? = nil) {
    self.name = name
    self.reason = reason
    self.key = key
    self.member = member
  }

  /// Who brings it about, as a line may say it.
  var actor: Actor { key.map { .key($0) } ?? .operator }
}
