import Ledger
import Postgres

/// What an event writes besides its line.
extension BatchDecider {
  /// Adds the rows that an event changes to what is to be written.
  mutating func write(_ event: Event, of command: LaneCommand, in team: inout LoadedTeam, at: Timestamp) {
    let id = team.book.team.id
    switch event {
    case .held, .refused:
      guard case .hold(let request) = command, let state = team.book.records[request.record] else { return }
      team.options[state.id] = EditOptions(model: request.model, quality: request.quality, size: request.size)
      writes.newRecords.append(
        LaneWrites.NewRecord(request: request, state: state, position: team.place(of: state.openedIndex), at: at))
      if let claim = request.idempotency {
        // Written in the commit of the hold or the refusal, or taken over from a record whose answer is not sticky.
        let key = ClaimedKey(bodyHash: claim.bodyHash, record: state.id)
        team.claims[request.claimID(claim)] = key
        writes.claims[request.claimID(claim)] = LaneWrites.Claim(key: key, at: at)
      }
      if case .refused = event { count(state, in: team, at: at) { $0.refused += 1 } }
    case .settled(let settled):
      guard let state = team.book.records[settled.record] else { return }
      writeSettled(settled, state, of: command, in: team, at: at)
      count(state, in: team, at: at) {
        $0.settled += 1
        $0.images += Int64(settled.results)
        $0.charged += settled.charge.value
      }
    case .released(let released):
      guard let state = team.book.records[released.record] else { return }
      var change = LaneWrites.ChangedRecord(
        team: id, state: state, logBase: team.logBase, variance: .zero, at: at, cause: released.cause.rawValue)
      if case .release(let request) = command {
        change.errorCode = request.errorCode?.storable
        change.errorMessage = request.errorMessage?.storable
        change.errorStatus = request.errorStatus.flatMap { (400...599).contains($0) ? Int16($0) : nil }
        change.errorDetails = request.errorDetails?.storable
      }
      team.releaseCauses[released.record] = released.cause
      writes.changedRecords.append(change)
      count(state, in: team, at: at) { $0.released += 1 }
    case .inDoubt(let doubted):
      guard let state = team.book.records[doubted.record] else { return }
      var change = LaneWrites.ChangedRecord(
        team: id, state: state, logBase: team.logBase, variance: .zero, at: at, inDoubtAt: at,
        cause: doubted.cause.rawValue)
      if case .markInDoubt(let request) = command { change.upstreamUUID = request.upstreamUUID?.storable }
      writes.changedRecords.append(change)
      writes.doubts.append(
        LaneWrites.NewDoubt(team: id, record: state.id, at: at, upstreamUUID: change.upstreamUUID))
    case .credited(let credited):
      guard let state = team.book.records[credited.record] else { return }
      writes.changedRecords.append(
        LaneWrites.ChangedRecord(team: id, state: state, logBase: team.logBase, variance: .zero, at: at))
      count(state, in: team, at: at) { $0.credited += credited.amount.value }
    case .evidence(let evidence):
      guard let state = team.book.records[evidence.record] else { return }
      var change = LaneWrites.ChangedRecord(
        team: id, state: state, logBase: team.logBase, variance: evidence.variance, at: at)
      if case .settle(let request) = command { take(request, into: &change, state, in: team, at: at) }
      writes.changedRecords.append(change)
      if evidence.credited > .zero { count(state, in: team, at: at) { $0.credited += evidence.credited.value } }
    case .periodClosed:
      return
    case .legalHoldPlaced, .legalHoldLifted:
      writes.legalHolds.insert(id)
    case .privateErased, .exportCreated, .reportRead, .logKeyAnnounced, .logKeyRotated, .retentionChanged,
      .usageRemoved, .usageRebuilt, .logKeyRetired, .signerRecovered:
      guard case .note(let request) = command else { return }
      writeNote(request.id, in: &team, at: at)
      writeTold(event, in: &team)
    case .alertChanged, .alertDelivered:
      writeAlert(event, of: command, in: &team, at: at)
    case .headsCovered(let covered):
      guard case .note(let request) = command else { return }
      writeNote(request.id, in: &team, at: at)
      writes.coverings.append(LaneWrites.NewCovering(event: covered, index: team.lastPlace, at: at))
    case .priceChanged(let changed):
      guard case .setPrice(let request, let administrator) = command else { return }
      writeNote(request.id, in: &team, at: at)
      writes.prices.append(LaneWrites.NewPrice(event: changed, at: at, by: administrator.name))
    default:
      writeAdministration(event, of: command, in: team, at: at)
    }
  }

  /// What changes in the commit of a note's line.
  private mutating func writeTold(_ event: Event, in team: inout LoadedTeam) {
    let id = team.book.team.id
    switch event {
    case .privateErased(let erased):
      writes.erasures.append(LaneWrites.ToldErasure(team: id, event: erased, index: team.lastPlace))
    case .retentionChanged(let changed):
      team.keepDays = changed.new
      writes.retentions.append(LaneWrites.NewRetention(team: id, keepDays: changed.new))
    case .usageRemoved(let removed):
      writes.removals.append(LaneWrites.ToldRemoval(team: id, event: removed, index: team.lastPlace))
    default: return
    }
  }

  mutating func writeNote(_ id: NoteID, in team: inout LoadedTeam, at: Timestamp) {
    team.noted[id] = team.book.logSize - 1
    let note = TeamNote(team: team.book.team.id, id: id)
    writes.notes.append(LaneWrites.NewNote(id: note, index: team.lastPlace, at: at))
  }

  private mutating func writeSettled(
    _ settled: EditSettled, _ state: RecordState, of command: LaneCommand, in team: LoadedTeam, at: Timestamp
  ) {
    let id = team.book.team.id
    var change = LaneWrites.ChangedRecord(
      team: id, state: state, logBase: team.logBase, variance: settled.variance, at: at, cause: settled.cause.rawValue)
    if case .settle(let request) = command { take(request, into: &change, state, in: team, at: at) }
    writes.changedRecords.append(change)
  }

  /// Keeps what the upstream delivered, with the record and as assets; not with one that was erased.
  private mutating func take(
    _ request: SettleRequest, into change: inout LaneWrites.ChangedRecord, _ state: RecordState, in team: LoadedTeam,
    at: Timestamp
  ) {
    change.upstreamUUID = request.upstreamUUID?.storable
    guard !team.erased.contains(state.id) else { return }
    change.resultObject = JSONText.array(request.resultKeys)
    change.responseObject = request.responseObject?.storable
    change.temporaryURL = request.temporaryURL?.storable
    for key in request.resultKeys where LaneWrites.NewAsset.canName(key) {
      writes.assets.append(
        LaneWrites.NewAsset(team: team.book.team.id, storageKey: key, member: state.member, record: state.id, at: at))
    }
  }

  private mutating func count(
    _ state: RecordState, in team: LoadedTeam, at: Timestamp, _ add: (inout UsageCounts) -> Void
  ) {
    guard let options = team.options[state.id] else { return }
    let key = UsageKey(
      team: team.book.team.id, bucketStart: UsageKey.bucketStart(of: at), member: state.member, key: state.key,
      model: options.model, quality: options.quality, size: options.size)
    add(&writes.usage[key, default: UsageCounts()])
  }

  private mutating func writeAdministration(
    _ event: Event, of command: LaneCommand, in team: LoadedTeam, at: Timestamp
  ) {
    let id = team.book.team.id
    switch command {
    case .createTeam(let new, _):
      writes.newTeams.append((new, at))
    case .changeTeam:
      if !writes.changedTeams.contains(id) { writes.changedTeams.append(id) }
    case .addMember(let new, let administrator):
      guard let state = team.book.members[new.id] else { return }
      writes.members.append(
        LaneWrites.WrittenMember(team: id, state: state, at: at, by: administrator.name, new: new))
    case .changeMember(_, let member, _, let administrator):
      guard let state = team.book.members[member] else { return }
      writes.members.append(LaneWrites.WrittenMember(team: id, state: state, at: at, by: administrator.name))
    case .issueKey(let new, _):
      guard let state = team.book.keys[new.id] else { return }
      writes.keys.append(LaneWrites.WrittenKey(team: id, state: state, at: at, secret: (new.hash, new.hint)))
    case .rotateKey(let rotation, _):
      guard let old = team.book.keys[rotation.key], let new = team.book.keys[rotation.newKey] else { return }
      writes.keys.append(LaneWrites.WrittenKey(team: id, state: new, at: at, secret: (rotation.hash, rotation.hint)))
      writes.keys.append(LaneWrites.WrittenKey(team: id, state: old, at: at))
    case .revokeKey(_, let key, _):
      guard let state = team.book.keys[key] else { return }
      writes.keys.append(LaneWrites.WrittenKey(team: id, state: state, at: at))
    case .hold, .settle, .release, .markInDoubt, .attach, .resolve, .credit, .closePeriod, .changeLegalHold, .note,
      .recoverLog, .setPrice, .changeAlert:
      return
    }
  }
}

extension String {
  /// The text without NUL, which PostgreSQL cannot store: what an upstream says must never keep a settlement from being
  /// booked.
  fileprivate var storable: String {
    guard hasNUL else { return self }
    return String(decoding: utf8.map { $0 == 0 ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
  }
}
