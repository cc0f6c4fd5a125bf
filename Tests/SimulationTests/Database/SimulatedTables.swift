import Ledger
import LedgerStore

/// All rows of the simulated database: a value, so that a transaction either takes the place of what was there or leaves
/// no trace.
struct SimulatedTables {
  var teams: [TeamID: SimulatedTeam] = [:]
  var keyHashes: [Digest32: KeyID] = [:]
  var prices: [PriceEntry] = []
  var instances: [InstanceID: Instance] = [:]
  var doubts: [EditName: DoubtRow] = [:]

  /// What the first round trip of a batch brings, once the rows of `locked` are locked. It must answer exactly as the
  /// statements of `LaneLoad` do: the differential test holds the two against each other.
  func load(
    _ commands: [LaneCommand], locked: Set<TeamID>, knownPriceVersion: Int64, clock: Timestamp
  ) -> LoadedBatch {
    let needs = LaneNeeds(commands)
    var batch = LoadedBatch(clock: clock, teams: [:], newPrices: prices.filter { $0.version > knownPriceVersion })
    for id in needs.teams where locked.contains(id) { batch.teams[id] = teams[id]?.locked }
    func enter(_ id: TeamID, _ load: (SimulatedTeam, inout LoadedTeam) -> Void) {
      guard let team = teams[id], var loaded = batch.teams[id] else { return }
      load(team, &loaded)
      batch.teams[id] = loaded
    }
    for (id, member) in needs.members { enter(id) { $1.book.members[member] = $0.book.members[member] } }
    for (id, key) in needs.keys {
      enter(id) { team, loaded in
        guard let state = team.book.keys[key] else { return }
        loaded.book.keys[key] = state
        if state.limit != nil { team.loadNewest(of: .key(state.budgetSubject), into: &loaded) }
      }
    }
    for (id, subject) in needs.budgets { enter(id) { $0.loadNewest(of: subject, into: &$1) } }
    for (id, record) in needs.resolved { enter(id) { $0.loadBudgets(of: record, into: &$1) } }
    for (id, since) in needs.whole { enter(id) { $0.loadWholeBook(since: since, into: &$1) } }
    for (id, record) in needs.records { enter(id) { $0.loadRecord(record, into: &$1) } }
    for claim in needs.claims { enter(claim.team) { $0.loadClaim(claim, into: &$1) } }
    for note in needs.noted { enter(note.team) { $1.noted[note.id] = $0.noted[note.id] } }
    return batch
  }
}
