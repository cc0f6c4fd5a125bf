import Ledger
import LedgerStore

/// Makes the teams of a world before it begins: through the rules, but without lanes and network.
struct Founder {
  let world: World

  /// A team with limits that are reached now and then.
  func makeTeam() -> [Population.Person] {
    let team = TeamID(bits: world.random.bits())
    let administrator = Administrator(name: "founder")
    run(
      .createTeam(
        NewTeam(
          id: team, name: "team \(team.short)", limit: limit(20_000...300_000),
          period: world.random.pick(Period.allCases)),
        administrator))
    var change = TeamChange()
    change.inDoubtChargeSeconds = .set(world.random.pick([20, 60, 60, nil]))
    run(.changeTeam(team, change, administrator))
    return (0..<2).map { number in
      let person = Population.Person(
        team: team, member: MemberID(bits: world.random.bits()), key: KeyID(bits: world.random.bits()))
      run(
        .addMember(
          NewMember(
            team: team, id: person.member, userID: "user-\(number)", userName: "User", limit: limit(10_000...150_000),
            period: world.random.pick(Period.allCases)), administrator))
      run(
        .issueKey(
          NewKey(
            team: team, id: person.key, member: person.member,
            hash: BatchDecider.commitment(salt: Array("\(person.key)".utf8), payload: []), hint: "test",
            scopes: [.edit], limit: limit(5_000...100_000)), administrator))
      return person
    }
  }

  private func limit(_ range: ClosedRange<Int>) -> Credits? {
    world.random.chance(300) ? nil : Credits(Int64(world.random.int(range)))
  }

  private func run(_ command: LaneCommand) {
    let locked = world.database.tables.teams[command.team] == nil ? [] : [command.team]
    let loaded = world.database.tables.load(
      [command], locked: Set(locked), knownPriceVersion: 0, clock: world.clock.wall)
    var decider = BatchDecider(
      loaded: loaded, prices: PriceBook(loaded.newPrices), environment: .simulated(InstanceID(bits: 0), world))
    let entry = LaneEntry(ticket: 0, command: command, deadline: world.clock.instant)
    let writes = decider.decide([entry]).writes
    do throws(RowRefusal) {
      try world.database.tables.write(writes)
    } catch {
      world.violate("a team could not be made: \(error.constraint)")
    }
    world.auditor.didCommit(writes)
  }
}

extension LaneEnvironment {
  /// A process's environment in a simulated world: its clock is the true one.
  static func simulated(_ instance: InstanceID, _ world: World) -> LaneEnvironment {
    let clock = world.clock
    return LaneEnvironment(
      logName: "sim", instance: instance, now: { clock.wall },
      month: { moment, _ in .utcMonth(containing: moment) }, salt: { [UInt8](repeating: 7, count: 32) })
  }
}
