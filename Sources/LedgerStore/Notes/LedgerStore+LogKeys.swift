package import Ledger
import Postgres

/// What is known of the next teams, in the order of their ids: whose logs announce some keys.
package struct LogKeyPage: Sendable, Equatable {
  /// Teams whose logs announce all of them.
  package var announced: [TeamID]
  /// Teams whose logs lack one. Halted ones are left out, since nothing can be told there.
  package var lacking: [TeamID]
  /// The team to go on behind; nil: there are no more.
  package var next: TeamID?

  /// A page.
  package init(announced: [TeamID] = [], lacking: [TeamID] = [], next: TeamID? = nil) {
    self.announced = announced
    self.lacking = lacking
    self.next = next
  }
}

extension LedgerStore {
  /// Which of the next `limit` teams behind `after` (nil: from the first on) have all of `keys` in their logs. For the
  /// operator: two look-ups for the whole page.
  /// - Throws: `unavailable`.
  package func logKeyPage(
    _ keys: [LogKeyAnnounced], after: TeamID?, limit: Int
  ) async throws(StoreError) -> LogKeyPage {
    let rows = try await operatorRows(.teamsAfter, (after ?? TeamID(bits: 0)).uuid, Int64(limit))
    let views = rows.map(\.view)
    let missing = try await missing(keys, of: views.map { ($0.id, $0.logOrigin) })
    return LogKeyPage(
      announced: views.map(\.id).filter { missing[$0] == nil },
      lacking: views.filter { missing[$0.id] != nil && !$0.isHalted }.map(\.id),
      next: views.count < limit ? nil : views.last?.id)
  }

  /// Puts those of `keys` into the log of `team` that it does not announce yet. Each is told once, however many gateways
  /// do so at once; a log that begins anew after a loss announces them again.
  /// - Returns: how many lines were asked for: 0 where all of them were there.
  /// - Throws: `notFound`; `notAllowed` for a halted team; `invalid`; `unavailable`.
  package func announce(_ keys: [LogKeyAnnounced], of team: TeamID) async throws(StoreError) -> Int {
    try await announce(keys, of: team, origin: try await self.team(team).logOrigin)
  }

  /// The same for the operator's log, which is made where it is not there yet.
  /// - Throws: `notAllowed` while that log is halted; `invalid`; `unavailable`.
  package func announceInOperatorLog(_ keys: [LogKeyAnnounced]) async throws(StoreError) -> Int {
    // Under the name that its other lines by gateways have.
    try await makeOperatorLog(by: Administrator(name: "tally"))
    guard let tip = try await logTips(of: [.operatorLog]).first else {
      throw StoreError(.notFound("the operator's log"))
    }
    return try await announce(keys, of: .operatorLog, origin: tip.log.origin)
  }

  private func announce(
    _ keys: [LogKeyAnnounced], of team: TeamID, origin: String
  ) async throws(StoreError) -> Int {
    let lacking = try await missing(keys, of: [(team, origin)])[team] ?? []
    for key in lacking {
      _ = try await note(.keyAnnounced(key), id: Self.noteID(of: key, in: origin), of: team, by: nil)
    }
    return lacking.count
  }

  /// Those of `keys` that the logs of teams do not announce; teams that lack none are left out.
  private func missing(
    _ keys: [LogKeyAnnounced], of teams: [(team: TeamID, origin: String)]
  ) async throws(StoreError) -> [TeamID: [LogKeyAnnounced]] {
    let wanted = teams.flatMap { team in
      keys.map { key in (note: TeamNote(team: team.team, id: Self.noteID(of: key, in: team.origin)), key: key) }
    }
    let found = try await operatorRows(
      LaneLoad.loadNoted, wanted.map(\.note.team.uuid), wanted.map(\.note.id.uuid))
    let known = Set(found.map(\.0))
    return Dictionary(grouping: wanted.filter { !known.contains($0.note) }, by: \.note.team).mapValues { $0.map(\.key) }
  }

  private static func noteID(of key: LogKeyAnnounced, in origin: String) -> NoteID {
    noteID("announcement", origin, key.use.rawValue, key.vkey)
  }
}
