package import Ledger

/// What is known of the teams whose logs have to announce this gateway's keys: a pure machine. Time is the monotonic one.
package struct AnnouncedTeams: Sendable {
  /// Teams that are remembered: 16 bytes each. Over it all are forgotten, and asked for once more.
  package static let maximumCount = 200_000
  /// How long a team is left alone after a failure, so that a database in trouble gets no questions on top of its edits.
  package static let pause = Duration.seconds(5)

  private var announced: Set<TeamID> = []
  private var pausedUntil: [TeamID: Duration] = [:]

  /// Nothing is known.
  package init() {}

  /// Whether the log of `team` is known to announce the keys.
  package func isAnnounced(_ team: TeamID) -> Bool {
    announced.contains(team)
  }

  /// Whether something is to be done for `team` at `now`.
  package func isDue(_ team: TeamID, at now: Duration) -> Bool {
    guard !announced.contains(team) else { return false }
    return pausedUntil[team].map { $0 <= now } ?? true
  }

  /// Notes that the logs of `teams` announce the keys.
  package mutating func learn(_ teams: some Collection<TeamID>) {
    if announced.count + teams.count > AnnouncedTeams.maximumCount { announced.removeAll(keepingCapacity: true) }
    announced.formUnion(teams)
    for team in teams { pausedUntil[team] = nil }
  }

  /// Notes that it could not be done for `team` at `now`.
  package mutating func fail(_ team: TeamID, at now: Duration) {
    if pausedUntil.count >= AnnouncedTeams.maximumCount { pausedUntil.removeAll(keepingCapacity: true) }
    pausedUntil[team] = now + AnnouncedTeams.pause
  }
}
