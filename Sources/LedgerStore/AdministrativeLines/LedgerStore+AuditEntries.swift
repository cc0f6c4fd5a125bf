package import Ledger
import Postgres
import TransparencyLog

/// Lists of log lines, newest first. Lines that tell of no edit are found by a table of their own; those of edits, which
/// are asked for by name only, by looking through the log.
extension LedgerStore {
  /// How long the log is looked through for one page.
  package static let lookingLimit: Duration = .seconds(2)

  /// What a piece may take so that the next one is longer.
  private static let quickLooking: Duration = .milliseconds(50)

  /// Lines that one transaction looks through: some megabytes.
  private static let linesLookedThroughAtOnce: Int64 = 2_048

  /// A page of an audit list. It ends at the first line that was not pruned, and has only lines of the team's newest log.
  /// - Parameter limit: how long the log may be looked through for lines of edits; at least one stretch of it is.
  /// - Throws: `invalid` for a limit that is out of range; `notFound`; `unavailable`.
  package func auditEntries(
    of team: TeamID, _ filter: AuditEntryFilter, within limit: Duration = lookingLimit
  ) async throws(StoreError) -> AuditEntryPage {
    guard (1...AuditEntryFilter.entriesMaximum).contains(filter.limit) else {
      throw StoreError(
        .invalid(field: "limit", message: "must lie between 1 and \(AuditEntryFilter.entriesMaximum)"))
    }
    guard let log = try await rows(.listedLog, team.uuid, of: team).first,
      let root = Digest32(bytes: log.state.peaks.root.bytes)
    else { throw StoreError(.notFound("the team")) }
    let position = UsagePosition(
      origin: log.state.origin, size: log.state.size, root: root, at: log.state.lastAt)
    let names = try await names(in: filter, of: team)
    var search = AuditSearch(filter, names, in: log)
    if search.isOfEdits {
      try await lookThrough(&search, log, of: team, until: ContinuousClock.now + limit)
    } else {
      try await narrow(&search, log, of: team)
      try await lookUp(&search, of: team, until: ContinuousClock.now + limit)
    }
    var page = search.page(asOf: position, firstIndex: log.prunedBefore)
    let keys = Set(page.entries.compactMap { $0.header.actor.keyID })
    guard !keys.isEmpty else { return page }
    let owners = Dictionary(
      try await rows(.keyOwners, team.uuid, keys.map(\.uuid), of: team).map { ($0.key, $0.userID) }
    ) { first, _ in first }
    for position in page.entries.indices {
      page.entries[position].userID = page.entries[position].header.actor.keyID.flatMap { owners[$0] }
    }
    return page
  }

  /// Who is meant by the names of a filter.
  private func names(in filter: AuditEntryFilter, of team: TeamID) async throws(StoreError) -> [NamedMember] {
    let names = (filter.actors ?? []) + (filter.resources ?? [])
    guard !names.isEmpty else { return [] }
    return try await rows(
      .membersAndKeys, team.uuid, names.filter(Self.isStorable), names.compactMap { MemberID($0)?.uuid }, of: team)
  }

  /// Finds lines by their table: all at once, but where actors or resources may be rare among very many lines piece by
  /// piece, each twice as long as the one before while that takes little time.
  private func lookUp(
    _ search: inout AuditSearch, of team: TeamID, until deadline: ContinuousClock.Instant
  ) async throws(StoreError) {
    var length = search.passesOver ? settings.auditPlacesAtOnce : .max
    let actions = search.actions.map(\.rawValue).sorted()
    while let window = search.nextWindow(of: length) {
      let start = ContinuousClock.now
      search.take(
        try await rows(
          search.goesUp ? .administrativeLinesUp : .administrativeLinesDown, team.uuid, actions, window.lowerBound,
          window.upperBound, search.filter.from?.timestamptz, search.filter.until?.timestamptz,
          search.actors.map { Array($0) }, search.resources.map { $0.map { PostgresUUID(bits: $0) } },
          Int64(search.missing), of: team), in: window)
      let end = ContinuousClock.now
      guard end < deadline else { return search.stop() }
      if end - start < Self.quickLooking, length < .max / 2 { length *= 2 }
    }
  }

  private func lookThrough(
    _ search: inout AuditSearch, _ log: ListedLog, of team: TeamID, until deadline: ContinuousClock.Instant
  ) async throws(StoreError) {
    try await narrow(&search, log, of: team)
    while let window = search.nextWindow(of: Self.linesLookedThroughAtOnce) {
      var scope = RequestScope(team: team)
      let slot = scope.append(
        .linesJoined, team.uuid, window.lowerBound - log.base, window.upperBound - log.base, log.base)
      let pieces = try await scope.run(on: exportPool).decoded(slot)
      guard let joined = pieces.whole(from: window.lowerBound - log.base, to: window.upperBound - log.base) else {
        throw StoreError(.notFound("a line of the log"))
      }
      var lines: [StoredLine] = []
      LogChunk(first: window.lowerBound, count: joined.count, text: joined.text).forEachLine { place, line in
        lines.append(StoredLine(place: place, line: Array(line)))
      }
      search.take(looked: lines, in: window)
      if ContinuousClock.now >= deadline {
        search.stop()
        return
      }
    }
  }

  /// Leaves out what is too young or too old, by halving: times never decrease within a log.
  private func narrow(_ search: inout AuditSearch, _ log: ListedLog, of team: TeamID) async throws(StoreError) {
    let moments = [search.filter.from, search.filter.until].compactMap(\.self)
    guard !moments.isEmpty else { return }
    var places: [Timestamp: Int64] = [:]
    for moment in moments {
      places[moment] = try await firstPlace(in: log, notBefore: moment, of: team)
    }
    search.narrow(
      from: search.filter.from.flatMap { places[$0] }, until: search.filter.until.flatMap { places[$0] })
  }

  private func firstPlace(
    in log: ListedLog, notBefore moment: Timestamp, of team: TeamID
  ) async throws(StoreError) -> Int64 {
    do throws(StoreError) {
      return log.base + (try await firstLine(of: team, notBefore: moment))
    } catch {
      // It stands among lines that were pruned.
      if case .invalid = error.reason { return log.base + log.prunedBefore }
      throw error
    }
  }
}

extension Actor {
  /// The key, where it is one.
  package var keyID: KeyID? {
    if case .key(let key) = self { key } else { nil }
  }
}
