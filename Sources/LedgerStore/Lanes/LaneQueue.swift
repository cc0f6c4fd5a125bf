import DequeModule
import Ledger

/// The commands that wait in one lane, in the order in which batches take them: resolutions first, then the others, a
/// turn for each team, so that a team that floods the lane delays only itself.
package struct LaneQueue: Sendable {
  /// What became of a command that came in.
  package enum Admission: Equatable, Sendable {
    case waiting
    case laneFull
    case teamFull
  }

  private let maximumWaiting: Int
  private let maximumWaitingPerTeam: Int
  private var resolutions: Deque<LaneEntry> = []
  private var waitingOfTeam: [TeamID: Deque<LaneEntry>] = [:]
  /// Teams that have something waiting; the first one's turn is next.
  private var turns: Deque<TeamID> = []
  private var waitingCount = 0

  /// An empty queue with its limits.
  package init(maximumWaiting: Int, maximumWaitingPerTeam: Int) {
    self.maximumWaiting = maximumWaiting
    self.maximumWaitingPerTeam = maximumWaitingPerTeam
  }

  package var isEmpty: Bool { resolutions.isEmpty && waitingCount == 0 }

  /// How many commands wait.
  package var count: Int { resolutions.count + waitingCount }

  /// Takes a command in, unless it may be refused for fullness and its team or the lane is full.
  package mutating func add(_ entry: LaneEntry) -> Admission {
    if entry.isResolution {
      resolutions.append(entry)
      return .waiting
    }
    guard waitingCount < maximumWaiting else { return .laneFull }
    let team = entry.command.team
    guard waitingOfTeam[team, default: []].count < maximumWaitingPerTeam else { return .teamFull }
    if waitingOfTeam[team, default: []].isEmpty { turns.append(team) }
    waitingOfTeam[team, default: []].append(entry)
    waitingCount += 1
    return .waiting
  }

  /// The next batch of at most `maximum` commands; empty when nothing waits.
  package mutating func take(maximum: Int) -> [LaneEntry] {
    var batch = Array(resolutions.prefix(maximum))
    resolutions.removeFirst(batch.count)
    while batch.count < maximum, let team = turns.popFirst() {
      guard let entry = waitingOfTeam[team]?.popFirst() else { continue }
      waitingCount -= 1
      batch.append(entry)
      if waitingOfTeam[team]?.isEmpty == false {
        turns.append(team)
      } else {
        waitingOfTeam[team] = nil
      }
    }
    return batch
  }

  /// Takes out the refusable commands that `isExpired` names: their callers wait no longer.
  package mutating func removeWaiting(where isExpired: (LaneEntry) -> Bool) -> [LaneEntry] {
    guard waitingCount > 0 else { return [] }
    var removed: [LaneEntry] = []
    for team in waitingOfTeam.keys.sorted() {
      guard let entries = waitingOfTeam[team], entries.contains(where: isExpired) else { continue }
      removed += entries.filter(isExpired)
      let kept = entries.filter { !isExpired($0) }
      waitingOfTeam[team] = kept.isEmpty ? nil : kept
      if kept.isEmpty { turns.removeAll { $0 == team } }
    }
    waitingCount -= removed.count
    return removed
  }
}
