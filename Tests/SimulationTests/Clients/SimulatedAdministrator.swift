import Ledger
import LedgerStore

/// An administrator's command line: a process of its own with a lane of its own, for one command.
final class SimulatedAdministrator {
  private let world: World
  private let lane: SimulatedLane
  private static let timeout: Duration = .seconds(5)

  init(world: World) {
    self.world = world
    let process = SimulatedProcess("admin", world: world)
    lane = SimulatedLane(
      process,
      machine: LaneMachine(
        environment: .simulated(InstanceID(bits: world.random.bits()), world),
        queue: LaneQueue(maximumWaiting: 1_000, maximumWaitingPerTeam: 1_000), maximumBatch: 10, maximumPart: 3))
  }

  /// Does something with a team, tried a few times like a person would.
  func act(on team: TeamID) {
    guard let command = command(for: team) else { return }
    submit(command, tries: 3)
  }

  /// Ends every hold of a team that is still open, by what the upstream knows.
  func resolveAll(of team: TeamID) {
    let records = world.database.tables.teams[team]?.book.records.values.filter(\.state.isOpen) ?? []
    for record in records.sorted(by: { $0.id < $1.id }) {
      let hasWorked = world.upstream.calls[record.id]?.hasWorked ?? false
      submit(resolution(of: record.id, team, charge: hasWorked ? record.held : nil), tries: 100)
    }
  }

  private func submit(_ command: LaneCommand, tries: Int) {
    lane.submit(command, timeout: Self.timeout) { [self] result in
      guard case .failure(let error) = result, case .unavailable = error.reason, tries > 1 else { return }
      world.after(.seconds(1)) { [self] in submit(command, tries: tries - 1) }
    }
  }

  private func resolution(of record: RecordID, _ team: TeamID, charge: Credits?) -> LaneCommand {
    .resolve(ResolveRequest(team: team, record: record, charge: charge), Administrator(name: "admin"))
  }

  private func command(for team: TeamID) -> LaneCommand? {
    guard let book = world.database.tables.teams[team]?.book else { return nil }
    let administrator = Administrator(name: "admin", reason: "simulated")
    let member = world.random.pick(book.members.keys.sorted())
    switch world.random.below(10) {
    case 0..<2:
      let limit = Credits(Int64(world.random.int(0...100_000)))
      return .changeTeam(team, TeamChange(limit: .set(limit)), administrator)
    case 2..<5:
      let limit = world.random.chance(200) ? nil : Credits(Int64(world.random.int(0...80_000)))
      return .changeMember(team, member, MemberChange(limit: .set(limit)), administrator)
    case 5:
      let status: AccountStatus = world.random.chance(400) ? .suspended : .active
      return .changeMember(team, member, MemberChange(status: .set(status)), administrator)
    case 6:
      return .changeTeam(team, TeamChange(status: .set(world.random.chance(300) ? .suspended : .active)), administrator)
    case 7:
      return .changeMember(team, member, MemberChange(period: .set(world.random.pick(Period.allCases))), administrator)
    case 8:
      let charged = book.records.values.filter { $0.netCharge > .zero }.sorted { $0.id < $1.id }
      guard !charged.isEmpty else { return nil }
      let record = world.random.pick(charged)
      let amount = Credits(1 + Int64(world.random.below(Int(record.netCharge.value))))
      return .credit(
        CreditRequest(team: team, record: record.id, amount: amount, creditedBefore: record.credited), administrator)
    default:
      let open = book.records.values.filter(\.state.isOpen).sorted { $0.id < $1.id }
      guard !open.isEmpty else { return nil }
      let record = world.random.pick(open)
      return resolution(of: record.id, team, charge: world.random.chance(500) ? record.held : nil)
    }
  }
}
