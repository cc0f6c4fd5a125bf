import HTTPTypes
import Ledger
import Synchronization

/// How many exports and statements are made at once: each takes a part of the database's time and some disk.
package final class ExportSlots: Sendable {
  /// At once for one team: one that runs, and one beside it for a person who looks at something.
  package static let maximumPerTeam = 2
  /// At once for all teams: as many wait for the connections of exports.
  package static let maximum = 8
  /// Seconds after which one that was refused may be tried again.
  static let retrySeconds = 10

  private let running = Mutex<[TeamID: Int]>([:])

  /// No export runs.
  package init() {}

  /// A place, given back when nobody holds it any more.
  final class Place: Sendable {
    private let slots: ExportSlots
    private let team: TeamID

    fileprivate init(_ slots: ExportSlots, _ team: TeamID) {
      self.slots = slots
      self.team = team
    }

    deinit {
      slots.leave(team)
    }
  }

  /// A place for an export of `team`. Throws 429 where too many of its own run, 503 where too many run at all.
  func enter(_ team: TeamID) throws(GatewayError) -> Place {
    enum Refusal { case team, all }
    let refusal: Refusal? = running.withLock { running in
      guard running[team, default: 0] < Self.maximumPerTeam else { return .team }
      guard running.values.reduce(0, +) < Self.maximum else { return .all }
      running[team, default: 0] += 1
      return nil
    }
    switch refusal {
    case nil: return Place(self, team)
    case .team:
      throw GatewayError(
        .tooManyRequests, .rateLimited, "\(Self.maximumPerTeam) exports of this team are running: wait for one to end.",
        retryAfterSeconds: Self.retrySeconds)
    case .all:
      throw GatewayError(
        .serviceUnavailable, .serviceUnavailable, "Too many exports are running.", retryAfterSeconds: Self.retrySeconds)
    }
  }

  private func leave(_ team: TeamID) {
    running.withLock { running in
      running[team, default: 0] -= 1
      if running[team] == 0 { running[team] = nil }
    }
  }
}
