import Ledger
package import Postgres
import TransparencyLog

/// The second round trip of a batch: write everything and commit. Rows of one table travel as binary arrays and are laid
/// out by `unnest`, which costs half of what one statement a row does (docs/benchmarks.md).
extension LaneWrites {
  /// The statements in their order and a COMMIT; those without rows are left out.
  package var pipeline: Pipeline {
    var pipeline = statements
    pipeline.append(.commit)
    return pipeline
  }

  /// The statements in their order; those without rows are left out.
  package var statements: Pipeline {
    var pipeline = Pipeline()
    appendStatements(to: &pipeline)
    return pipeline
  }

  /// Appends the statements in their order; those without rows are left out.
  func appendStatements(to pipeline: inout Pipeline) {
    for team in newTeams { append(team.team, at: team.at, to: &pipeline) }
    appendTeams(to: &pipeline)
    appendMembersAndKeys(to: &pipeline)
    appendBudgets(to: &pipeline)
    appendNewRecords(to: &pipeline)
    appendClaims(to: &pipeline)
    appendChangedRecords(to: &pipeline)
    appendDoubts(to: &pipeline)
    appendLog(to: &pipeline)
    appendUsage(to: &pipeline)
    appendAssets(to: &pipeline)
    appendAudit(to: &pipeline)
    appendOperator(to: &pipeline)
  }

  private func append(_ team: NewTeam, at: Timestamp, to pipeline: inout Pipeline) {
    guard let state = teams[team.id]?.book else { return }
    pipeline.append(
      Self.insertTeam, team.id.uuid, team.name, state.team.status.rawValue, state.team.timeZone,
      state.team.period.rawValue, state.team.limit?.value, state.team.inDoubtChargeAfterSeconds, state.origin,
      at.timestamptz)
  }

  private func appendTeams(to pipeline: inout Pipeline) {
    for id in changedTeams {
      guard let state = teams[id]?.book.team else { continue }
      pipeline.append(
        Self.changeTeam, id.uuid, state.status.rawValue, state.timeZone, state.period.rawValue, state.limit?.value,
        state.inDoubtChargeAfterSeconds)
    }
    if !haltedTeams.isEmpty { pipeline.append(Self.haltTeams, haltedTeams.sorted().map(\.uuid)) }
    guard !teams.isEmpty else { return }
    let written = teams.sorted { $0.key < $1.key }
    pipeline.append(
      Self.updateTeams, written.map(\.key.uuid), written.map(\.value.book.logSize),
      written.map { PostgresBytes($0.value.peaks.bytes) }, written.map(\.value.book.lastAt.timestamptz))
  }

  private func appendMembersAndKeys(to pipeline: inout Pipeline) {
    for member in members {
      let state = member.state
      if let new = member.new {
        pipeline.append(
          Self.insertMember, member.team.uuid, state.id.uuid, new.userID, new.userName, new.userAvatar,
          state.role.rawValue, state.status.rawValue, state.limit?.value, state.period.rawValue,
          member.at.timestamptz, member.by)
      } else {
        pipeline.append(
          Self.changeMember, member.team.uuid, state.id.uuid, state.role.rawValue, state.status.rawValue,
          state.limit?.value, state.period.rawValue, member.at.timestamptz, member.by)
      }
    }
    for key in keys {
      let state = key.state
      if let secret = key.secret {
        pipeline.append(
          Self.insertKey, key.team.uuid, state.id.uuid, state.member.uuid, state.budgetSubject.uuid,
          PostgresBytes(secret.hash.bytes), secret.hint, state.scopes.names, state.limit?.value,
          state.period.rawValue, state.ratePerMinute.map { Int32(clamping: $0) }, key.at.timestamptz,
          state.expiresAt?.timestamptz)
        pipeline.append(
          Self.insertKeyHash, PostgresBytes(secret.hash.bytes), key.team.uuid, state.id.uuid)
      } else {
        pipeline.append(
          Self.changeKey, key.team.uuid, state.id.uuid, state.expiresAt?.timestamptz, state.revokedAt?.timestamptz)
      }
    }
  }

  private func appendBudgets(to pipeline: inout Pipeline) {
    for (statement, rows) in [(Self.insertBudgets, newBudgets), (Self.updateBudgets, changedBudgets)] {
      guard !rows.isEmpty else { continue }
      pipeline.append(
        statement, rows.map(\.team.uuid), rows.map(\.budget.id.scope.rawValue),
        rows.map { PostgresUUID(bits: $0.budget.id.subject) }, rows.map(\.budget.id.start.timestamptz),
        rows.map(\.budget.id.period.rawValue), rows.map(\.budget.end?.timestamptz), rows.map(\.budget.limit?.value),
        rows.map(\.budget.used.value), rows.map(\.budget.held.value), rows.map(\.budget.isOverLimit))
    }
  }

  private func appendNewRecords(to pipeline: inout Pipeline) {
    guard !newRecords.isEmpty else { return }
    pipeline.append(Self.insertRecords, parameters: Self.columns(of: newRecords))
  }

  /// What a hold or a refusal knows of its record, column by column.
  static func columns(of rows: [NewRecord]) -> [(any PostgresEncodable)?] {
    func start(_ row: NewRecord, _ scope: BudgetScope) -> PostgresTimestamp? {
      row.state.budgets.first { $0.scope == scope }?.start.timestamptz
    }
    return [
      rows.map(\.request.team.uuid), rows.map(\.request.record.uuid),
      rows.map(\.request.member.uuid), rows.map(\.request.key.uuid), rows.map(\.state.instance.uuid),
      rows.map(\.state.state.rawValue), rows.map(\.request.isAsync), rows.map(\.request.model),
      rows.map(\.request.quality), rows.map(\.request.size), rows.map { Int16(clamping: $0.state.n) },
      rows.map(\.state.unitPrice.value), rows.map(\.state.priceVersion), rows.map(\.state.held.value),
      rows.map { start($0, .team) }, rows.map { start($0, .member) },
      rows.map { row in
        row.state.budgets.first { $0.scope == .key }.map { PostgresUUID(bits: $0.subject) }
      },
      rows.map { start($0, .key) }, rows.map(\.position), rows.map(\.at.timestamptz),
      rows.map(\.state.refusal?.scope.rawValue), rows.map(\.request.promptObject), rows.map(\.request.metadata),
    ]
  }

  private func appendClaims(to pipeline: inout Pipeline) {
    guard !claims.isEmpty else { return }
    let rows = Array(claims)
    pipeline.append(
      Self.writeClaims, rows.map(\.key.team.uuid), rows.map(\.key.member.uuid),
      rows.map { PostgresBytes($0.key.keyDigest.bytes) }, rows.map { PostgresBytes($0.value.key.bodyHash.bytes) },
      rows.map(\.value.key.record.uuid), rows.map(\.value.at.timestamptz))
  }

  private func appendChangedRecords(to pipeline: inout Pipeline) {
    guard !changedRecords.isEmpty else { return }
    pipeline.append(Self.updateRecords, parameters: Self.columns(of: changesByRecord))
  }

  /// A record that two commands of one batch change is written once, as the last one left it.
  var changesByRecord: [ChangedRecord] {
    var position: [RecordID: Int] = [:]
    var rows: [ChangedRecord] = []
    for change in changedRecords {
      if let earlier = position[change.state.id] {
        rows[earlier].take(change)
      } else {
        position[change.state.id] = rows.count
        rows.append(change)
      }
    }
    return rows
  }

  /// What became of records, column by column.
  static func columns(of rows: [ChangedRecord]) -> [(any PostgresEncodable)?] {
    [
      rows.map(\.team.uuid), rows.map(\.state.id.uuid), rows.map(\.state.state.rawValue),
      rows.map(\.state.assumed), rows.map(\.state.charged.value), rows.map(\.state.credited.value),
      rows.map(\.variance.value), rows.map(\.resolvePlace), rows.map(\.at.timestamptz), rows.map(\.cause),
      rows.map(\.upstreamUUID), rows.map(\.errorCode), rows.map(\.errorMessage), rows.map(\.resultObject),
      rows.map(\.responseObject), rows.map(\.temporaryURL), rows.map(\.inDoubtAt?.timestamptz),
      rows.map(\.evidencePlace), rows.map(\.errorStatus), rows.map(\.errorDetails),
    ]
  }

  private func appendDoubts(to pipeline: inout Pipeline) {
    if !attachments.isEmpty {
      let (ofTeam, records) = (attachments.map(\.team.uuid), attachments.map(\.record.uuid))
      let uuids = attachments.map(\.upstreamUUID)
      pipeline.append(Self.attachToRecords, ofTeam, records, uuids)
      pipeline.append(Self.attachToDoubts, ofTeam, records, uuids)
    }
    guard !doubts.isEmpty else { return }
    pipeline.append(
      Self.insertDoubts, doubts.map(\.team.uuid), doubts.map(\.record.uuid), doubts.map(\.at.timestamptz),
      doubts.map(\.upstreamUUID))
  }

  private func appendLog(to pipeline: inout Pipeline) {
    guard !lines.isEmpty else { return }
    let (ofTeam, index) = (lines.map(\.team.uuid), lines.map(\.index))
    pipeline.append(
      Self.insertLines, ofTeam, index, lines.map { PostgresBytes($0.line) },
      lines.map { PostgresBytes($0.leaf.bytes) }, lines.map { PostgresBytes($0.nodes) })
    pipeline.append(
      Self.insertPrivate, ofTeam, index, lines.map { PostgresBytes($0.salt) }, lines.map { PostgresBytes($0.payload) })
  }

  private func appendUsage(to pipeline: inout Pipeline) {
    guard !usage.isEmpty else { return }
    pipeline.append(Self.addUsage, parameters: Self.usageParameters(usage))
  }

  /// Rows of usage as the parameters of a statement: the seven columns of their key, then the six counts.
  static func usageParameters(_ usage: [UsageKey: UsageCounts]) -> [(any PostgresEncodable)?] {
    let rows = Array(usage)
    return [
      rows.map(\.key.team.uuid), rows.map(\.key.bucketStart.timestamptz), rows.map(\.key.member.uuid),
      rows.map(\.key.key.uuid), rows.map(\.key.model), rows.map(\.key.quality), rows.map(\.key.size),
      rows.map(\.value.settled), rows.map(\.value.released), rows.map(\.value.refused), rows.map(\.value.images),
      rows.map(\.value.charged), rows.map(\.value.credited),
    ]
  }

  private func appendAssets(to pipeline: inout Pipeline) {
    guard !assets.isEmpty else { return }
    pipeline.append(
      Self.insertAssets, assets.map(\.team.uuid), assets.map(\.storageKey), assets.map(\.member.uuid),
      assets.map(\.record.uuid), assets.map(\.at.timestamptz))
  }
}

extension LaneWrites.ChangedRecord {
  fileprivate var resolvePlace: Int64? { state.resolvedIndex.map { $0 + logBase } }
  fileprivate var evidencePlace: Int64? { state.evidenceIndex.map { $0 + logBase } }

  /// Takes over what a later command of the same batch did; what that one does not know stays.
  fileprivate mutating func take(_ later: Self) {
    // What resolved it says when, not what came after that.
    if state.state == .inDoubt { at = later.at }
    state = later.state
    variance = max(variance, later.variance)
    cause = later.cause ?? cause
    upstreamUUID = later.upstreamUUID ?? upstreamUUID
    errorCode = later.errorCode ?? errorCode
    errorMessage = later.errorMessage ?? errorMessage
    errorStatus = later.errorStatus ?? errorStatus
    errorDetails = later.errorDetails ?? errorDetails
    resultObject = later.resultObject ?? resultObject
    responseObject = later.responseObject ?? responseObject
    temporaryURL = later.temporaryURL ?? temporaryURL
    inDoubtAt = inDoubtAt ?? later.inDoubtAt
  }
}
