import Ledger
import LedgerStore

extension Auditor {
  /// When everything has come to rest: nothing is held, every success of the upstream is charged or its release was an
  /// administrator's, every charge has a reason, and the usage buckets add up.
  func checkAtRest() {
    let tables = world.database.tables
    for id in tables.teams.keys.sorted() {
      guard let team = tables.teams[id] else { continue }
      for row in team.book.budgets.values.sorted(by: { $0.id < $1.id }) where row.held != .zero {
        world.violate("at rest \(row.held) is held in \(row.id)")
      }
      for record in team.book.records.values.sorted(by: { $0.id < $1.id }) { check(record) }
      if team.usage != usage[id] ?? [:] { world.violate("the usage of team \(id.short) does not add up") }
    }
    for call in world.upstream.calls.values.sorted(by: { $0.facts.record < $1.facts.record }) where call.hasWorked {
      checkPaid(call)
    }
    checkClaimsAtRest()
    for gateway in world.population.gateways {
      gateway.current.map { checkUnsent(of: $0.instance) }
      checkTaken(gateway.folder.taken)
    }
  }

  private func check(_ record: RecordState) {
    if record.state.isOpen { world.violate("at rest \(record.id.short) is \(record.state.rawValue)") }
    if record.state == .refused, world.upstream.calls[record.id] != nil {
      world.violate("\(record.id.short) was refused and sent")
    }
    guard let settled = histories[record.id]?.settled, settled.cause == .delivered else { return }
    if world.upstream.calls[record.id]?.hasWorked != true {
      world.violate("\(record.id.short) is charged although the upstream did nothing")
    }
  }

  private func checkPaid(_ call: SimulatedUpstream.Call) {
    let history = histories[call.facts.record]
    if history?.settled != nil { return }
    if let released = history?.released, released.cause == .administrator { return }
    world.violate("the upstream did the work of \(call.facts.record.short), and it is not charged")
  }
}
