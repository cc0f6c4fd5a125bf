/// What happens to a world at moments of its own, whatever its machines do: servers restart, clocks jump, processes are
/// stopped or end.
struct Misfortunes {
  let world: World

  /// Enters what the weather brings between now and `end`.
  func enter(until end: Duration) {
    let weather = world.weather
    enter(weather.restarts, end) { $0.database.restart(after: $0.random.milliseconds(0...6_000)) }
    enter(weather.clockJumps, end) { Misfortunes.jump($0) }
    enter(weather.stops, end) { world in
      world.population.gateway()?.process?.stop(for: world.random.milliseconds(500...40_000))
    }
    enter(weather.ends, end) { $0.population.gateway()?.process?.kill() }
    enter(weather.machineEnds, end) { $0.population.gateway()?.process?.vanish() }
  }

  private func enter(_ count: Int, _ end: Duration, _ happen: @escaping (World) -> Void) {
    for _ in 0..<count {
      world.at(world.random.milliseconds(0...max(1, Int(end / .milliseconds(1))))) { [world] in
        if !world.isCalm { happen(world) }
      }
    }
  }

  /// The database's clock goes wrong, now and then by more than a gateway takes, and is set right later.
  private static func jump(_ world: World) {
    let isFar = world.random.chance(300)
    let span = world.random.milliseconds(isFar ? 301_000...4_000_000 : 1_000...200_000)
    world.database.clockOffset = world.random.chance(500) ? span : .zero - span
    world.log("database", "clock is \(world.database.clockOffset) off")
    world.after(world.random.milliseconds(1_000...30_000)) { world.database.clockOffset = .zero }
  }
}
