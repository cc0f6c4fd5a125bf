package import Ledger

/// What a lane is asked to do: a command of the ledger together with what only the store keeps of it. Boxed, since it is
/// handed on from queue to batch to decision many times and never changes.
package indirect enum LaneCommand: Sendable {
  case hold(HoldRequest)
  case settle(SettleRequest)
  case release(ReleaseRequest)
  case markInDoubt(InDoubtRequest)
  case attach(AttachRequest)
  case resolve(ResolveRequest, Administrator)
  case credit(CreditRequest, Administrator)
  case createTeam(NewTeam, Administrator)
  case changeTeam(TeamID, TeamChange, Administrator)
  case addMember(NewMember, Administrator)
  case changeMember(TeamID, MemberID, MemberChange, Administrator)
  case issueKey(NewKey, Administrator)
  case rotateKey(KeyRotation, Administrator)
  case revokeKey(TeamID, KeyID, Administrator)
  /// Nobody: the gateway on its own.
  case closePeriod(ClosePeriodRequest, Administrator?)
  case changeLegalHold(TeamID, isOn: Bool, Administrator)
  case note(NoteRequest)
  case recoverLog(RecoverLogRequest, Administrator)
  case setPrice(PriceRequest, Administrator)
  case changeAlert(AlertRequest, Administrator)

  /// The team whose row is locked for it.
  package var team: TeamID {
    switch self {
    case .hold(let request): request.team
    case .settle(let request): request.team
    case .release(let request): request.team
    case .markInDoubt(let request): request.team
    case .attach(let request): request.team
    case .resolve(let request, _): request.team
    case .credit(let request, _): request.team
    case .createTeam(let team, _): team.id
    case .changeTeam(let team, _, _): team
    case .addMember(let member, _): member.team
    case .changeMember(let team, _, _, _): team
    case .issueKey(let key, _): key.team
    case .rotateKey(let rotation, _): rotation.team
    case .revokeKey(let team, _, _): team
    case .closePeriod(let request, _): request.team
    case .changeLegalHold(let team, _, _): team
    case .note(let request): request.team
    case .recoverLog(let request, _): request.team
    case .setPrice: .operatorLog
    case .changeAlert(let request, _): request.team
    }
  }

  /// The record that it is about, and that must be read in whatever state it is.
  package var record: RecordID? {
    switch self {
    case .hold(let request): request.record
    case .settle(let request): request.record
    case .release(let request): request.record
    case .markInDoubt(let request): request.record
    case .attach(let request): request.record
    case .resolve(let request, _): request.record
    case .credit(let request, _): request.record
    default: nil
    }
  }

  /// Whether it tells what became of a hold: such a command is never refused for fullness and is tried until it commits.
  package var isResolution: Bool {
    switch self {
    case .settle, .release, .markInDoubt, .attach: true
    default: false
    }
  }

  /// The command as the ledger knows it; nil for what is written beside the ledger, and for what needs more than a
  /// calendar to be one.
  /// - Parameters:
  ///   - instance: who takes holds.
  ///   - month: the bounds of the month that a moment lies in, in the team's zone.
  package func ledgerCommand(instance: InstanceID, month: (Timestamp) -> PeriodBounds) -> Command? {
    switch self {
    case .attach, .setPrice, .changeAlert: nil
    case .recoverLog(let request, _): .recoverLog(request.command)
    case .closePeriod(let request, _):
      .closePeriod(ClosePeriodCommand(month: request.month.text, bounds: month(request.month.middle)))
    case .changeLegalHold(_, let isOn, _): .changeLegalHold(ChangeLegalHoldCommand(isOn: isOn))
    case .note(let request): .note(request.note)
    case .hold(let request):
      .hold(
        HoldCommand(
          record: request.record, member: request.member, key: request.key, model: request.model,
          quality: request.quality, size: request.size, n: request.n, instance: instance))
    case .settle(let request):
      // Nonsense from upstream must not keep a settlement from being booked: less than nothing is not said at all.
      .settle(
        SettleCommand(
          record: request.record, deliveredResults: request.resultKeys.count,
          upstreamCredit: request.upstreamCredit.flatMap { $0 < .zero ? nil : min($0, .maximum) },
          assumed: request.assumed))
    case .release(let request):
      .release(ReleaseCommand(record: request.record, cause: request.cause))
    case .markInDoubt(let request):
      .markInDoubt(MarkInDoubtCommand(record: request.record, cause: request.cause))
    case .resolve(let request, _):
      if let charge = request.charge {
        .settle(SettleCommand(record: request.record, deliveredResults: 0, administratorCharge: charge))
      } else {
        .release(ReleaseCommand(record: request.record, cause: .administrator))
      }
    case .credit(let request, _):
      .credit(
        CreditCommand(record: request.record, amount: request.amount, creditedBefore: request.creditedBefore))
    default:
      administrativeCommand
    }
  }

  private var administrativeCommand: Command {
    switch self {
    case .createTeam(let team, _):
      .createTeam(CreateTeamCommand(limit: team.limit, period: team.period, timeZone: team.timeZone))
    case .changeTeam(_, let change, _):
      .changeTeam(
        ChangeTeamCommand(
          status: change.status, limit: change.limit, period: change.period, timeZone: change.timeZone,
          inDoubtChargeAfterSeconds: change.inDoubtChargeSeconds))
    case .addMember(let member, _):
      .addMember(AddMemberCommand(member: member.id, role: member.role, limit: member.limit, period: member.period))
    case .changeMember(_, let member, let change, _):
      .changeMember(
        ChangeMemberCommand(
          member: member, role: change.role, status: change.status, limit: change.limit, period: change.period))
    case .issueKey(let key, _):
      .issueKey(
        IssueKeyCommand(
          key: key.id, member: key.member, limit: key.limit, period: key.period, scopes: key.scopes,
          expiresAt: key.expiresAt, ratePerMinute: key.ratePerMinute))
    case .rotateKey(let rotation, _):
      .rotateKey(
        RotateKeyCommand(key: rotation.key, newKey: rotation.newKey, overlapSeconds: rotation.overlapSeconds))
    case .revokeKey(_, let key, _):
      .revokeKey(RevokeKeyCommand(key: key))
    case .hold, .settle, .release, .markInDoubt, .attach, .resolve, .credit, .closePeriod, .changeLegalHold, .note,
      .recoverLog, .setPrice, .changeAlert:
      preconditionFailure("not an administrative command")
    }
  }

  /// Who brings it about, as the line may say it.
  package var actor: Actor {
    switch self {
    case .hold(let request): .key(request.key)
    case .settle, .release, .markInDoubt, .attach: .system
    case .closePeriod(_, let administrator): administrator?.actor ?? .system
    case .note(let request): request.administrator?.actor ?? .system
    case .resolve(_, let administrator), .credit(_, let administrator), .createTeam(_, let administrator),
      .changeTeam(_, _, let administrator), .addMember(_, let administrator), .changeMember(_, _, _, let administrator),
      .issueKey(_, let administrator), .rotateKey(_, let administrator), .revokeKey(_, _, let administrator),
      .changeLegalHold(_, _, let administrator), .recoverLog(_, let administrator), .setPrice(_, let administrator),
      .changeAlert(_, let administrator):
      administrator.actor
    }
  }
}
