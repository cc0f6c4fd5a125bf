package import Ledger

/// What is known of the teams whose logs have to announce this gateway's keys: a pure machine. Time is the monotonic one.
package struct AnnouncedTeams: Sendable {
  /// Teams that are remembered: 16 bytes each. Over it all are forgotten, and asked for once more.
  package static let maximumCount = 200_000
  /// How long a team is left alone after a failure, so that a database in trouble gets no questions on top of its edits.
  package static let pause = Duration.seconds(5)

  private var announced: Set<TeamID> = []
  /// Logs that took another's place, seen in receipts and settled: after a loss a team's log begins anew, also while this
  /// gateway runs, and announces nothing yet.
  private var successors: Set<String> = []
  private var pausedUntil: [TeamID: Duration] = [:]

  /// Nothing is known.
  package init() {}

  /// Whether the log of `team` is known to announce the keys.
  package func isAnnounced(_ team: TeamID) -> Bool {
    announced.contains(team)
  }

  /// Whether something is to be done for `team` at `now`; `log` is the name of its log where a line of it was just
  /// written.
  package func isDue(_ team: TeamID, writing log: String? = nil, at now: Duration) -> Bool {
    let isKnown = log.map { !Self.isSuccessor($0) || successors.contains($0) } ?? true
    guard !announced.contains(team) || !isKnown else { return false }
    return pausedUntil[team].map { $0 <= now } ?? true
  }

  /// Notes that the keys stand in the log of a team that has written into `log`.
  package mutating func learn(_ log: String) {
    guard Self.isSuccessor(log) else { return }
    if successors.count >= Self.maximumSuccessors { successors.removeAll() }
    successors.insert(log)
  }

  /// Logs in others' places that are remembered: there are as many as losses.
  private static let maximumSuccessors = 1_000

  /// Whether a log of this name took another's place (docs/audit.md, a log in another's place): it has a third word.
  private static func isSuccessor(_ log: String) -> Bool {
    log.utf8.count { $0 == UInt8(ascii: "/") } > 1
  }

  /// Notes that the logs of `teams` announce the keys.
  package mutating func learn(_ teams: some Collection<TeamID>) {
    if announced.count + teams.count > AnnouncedTeams.maximumCount { announced.removeAll(keepingCapacity: true) }
    announced.formUnion(teams)
    for team in teams { pausedUntil[team] = nil }
  }

  /// Forgets that the logs of `teams` announce the keys: they do not, or no longer, since others took their places.
  package mutating func forget(_ teams: some Collection<TeamID>) {
    announced.subtract(teams)
  }

  /// Notes that it could not be done for `team` at `now`.
  package mutating func fail(_ team: TeamID, at now: Duration) {
    if pausedUntil.count >= AnnouncedTeams.maximumCount { pausedUntil.removeAll(keepingCapacity: true) }
    pausedUntil[team] = now + AnnouncedTeams.pause
  }
}
