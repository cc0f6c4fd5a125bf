import DequeModule
import Ledger

/// The commands that wait in one lane, in the order in which batches take them: resolutions first, then the others, each a
/// turn for each team. A team has only a share of a batch, so that one that floods the lane delays only itself: others
/// wait for a short batch, not for its whole flood. Where no other team was seen for a while there is nobody to delay, and
/// large batches are faster.
package struct LaneQueue: Sendable {
  /// What became of a command that came in.
  package enum Admission: Equatable, Sendable {
    case waiting
    case laneFull
    case teamFull
  }

  private let maximumWaiting: Int
  private let maximumWaitingPerTeam: Int
  private let share: Int
  /// The one team whose commands the last batches had, and since when.
  private var lone: (team: TeamID, since: ContinuousClock.Instant)?
  private var resolutions = TurnQueue()
  private var others = TurnQueue()

  /// An empty queue with its limits.
  ///
  /// - Parameters:
  ///   - maximumWaiting: refusable commands that may wait.
  ///   - maximumWaitingPerTeam: refusable commands of one team that may wait.
  ///   - share: commands of one team in one batch, unless it has had the lane to itself for `solitude`.
  package init(maximumWaiting: Int, maximumWaitingPerTeam: Int, share: Int = .max) {
    self.maximumWaiting = maximumWaiting
    self.maximumWaitingPerTeam = maximumWaitingPerTeam
    self.share = share
  }

  /// After so long without another team a team's batches are no longer cut to its share.
  package static let solitude: Duration = .seconds(2)

  package var isEmpty: Bool { resolutions.count == 0 && others.count == 0 }

  /// How many commands wait.
  package var count: Int { resolutions.count + others.count }

  /// Takes a command in, unless it may be refused for fullness and its team or the lane is full.
  package mutating func add(_ entry: LaneEntry) -> Admission {
    if entry.isResolution {
      resolutions.add(entry)
      return .waiting
    }
    guard others.count < maximumWaiting else { return .laneFull }
    guard others.count(of: entry.command.team) < maximumWaitingPerTeam else { return .teamFull }
    others.add(entry)
    return .waiting
  }

  /// The next batch of at most `maximum` commands; empty when nothing waits.
  package mutating func take(maximum: Int, now: ContinuousClock.Instant) -> [LaneEntry] {
    var batch: [LaneEntry] = []
    var taken: [TeamID: Int] = [:]
    noteCompany(now)
    let share = lone.map { now - $0.since >= Self.solitude } == true ? maximum : share
    resolutions.take(into: &batch, maximum: maximum, share: share, &taken)
    others.take(into: &batch, maximum: maximum, share: share, &taken)
    return batch
  }

  /// Looks whether one team has the lane to itself.
  private mutating func noteCompany(_ now: ContinuousClock.Instant) {
    guard !isEmpty else { return }
    guard let only = resolutions.onlyTeam ?? others.onlyTeam, resolutions.isOnly(only), others.isOnly(only) else {
      lone = nil
      return
    }
    if lone?.team != only { lone = (only, now) }
  }

  /// Takes out the refusable commands that `isExpired` names: their callers wait no longer.
  package mutating func removeWaiting(where isExpired: (LaneEntry) -> Bool) -> [LaneEntry] {
    others.remove(where: isExpired)
  }
}

/// Commands that wait, a turn for each team.
private struct TurnQueue: Sendable {
  private var waiting: [TeamID: Deque<LaneEntry>] = [:]
  /// Teams that have something waiting; the first one's turn is next.
  private var turns: Deque<TeamID> = []
  private(set) var count = 0

  func count(of team: TeamID) -> Int { waiting[team]?.count ?? 0 }

  /// The team that is the only one to wait.
  var onlyTeam: TeamID? { waiting.count == 1 ? waiting.first?.key : nil }

  /// Whether no other team waits.
  func isOnly(_ team: TeamID) -> Bool { waiting.isEmpty || onlyTeam == team }

  mutating func add(_ entry: LaneEntry) {
    let team = entry.command.team
    if waiting[team] == nil { turns.append(team) }
    waiting[team, default: []].append(entry)
    count += 1
  }

  /// Fills `batch`; `taken` counts each team's commands in it.
  mutating func take(into batch: inout [LaneEntry], maximum: Int, share: Int, _ taken: inout [TeamID: Int]) {
    var served: Deque<TeamID> = []
    while batch.count < maximum, let team = turns.popFirst() {
      guard taken[team, default: 0] < share else {
        served.append(team)
        continue
      }
      guard let entry = waiting[team]?.popFirst() else { continue }
      count -= 1
      taken[team, default: 0] += 1
      batch.append(entry)
      if waiting[team]?.isEmpty == false {
        turns.append(team)
      } else {
        waiting[team] = nil
      }
    }
    // Whoever had a whole share comes after those who had a part of one.
    turns.append(contentsOf: served)
  }

  mutating func remove(where isExpired: (LaneEntry) -> Bool) -> [LaneEntry] {
    guard count > 0 else { return [] }
    var removed: [LaneEntry] = []
    for team in waiting.keys.sorted() {
      guard let entries = waiting[team], entries.contains(where: isExpired) else { continue }
      removed += entries.filter(isExpired)
      let kept = entries.filter { !isExpired($0) }
      waiting[team] = kept.isEmpty ? nil : kept
      if kept.isEmpty { turns.removeAll { $0 == team } }
    }
    count -= removed.count
    return removed
  }
}
