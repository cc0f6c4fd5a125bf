/// A process that can be killed or stopped between any two effects of its machines.
final class SimulatedProcess {
  unowned let world: World
  let name: String
  private(set) var isRunning = true
  private(set) var stoppedUntil = Duration.zero
  var connections: [DatabaseConnection] = []
  /// What is done when it ends; true: with its machine.
  var whenEnded: ((Bool) -> Void)?

  init(_ name: String, world: World) {
    self.name = name
    self.world = world
  }

  /// Does something later, if the process still lives then; a stopped process does it when it goes on.
  func after(_ span: Duration, _ action: @escaping () -> Void) {
    world.after(span) { [self] in run(action) }
  }

  /// Does something now, or when the process goes on.
  func run(_ action: @escaping () -> Void) {
    guard isRunning else { return }
    if world.random.chance(world.weather.freezes) { stop(for: world.random.milliseconds(500...40_000)) }
    guard stoppedUntil <= world.clock.now else {
      world.at(stoppedUntil) { [self] in run(action) }
      return
    }
    action()
  }

  /// Whether the process lives on to the next effect: each may be its last, or its last for a while.
  func outlivesEffect() -> Bool {
    guard isRunning else { return false }
    if world.random.chance(world.weather.kills) { kill() }
    return isRunning
  }

  /// SIGSTOP, and SIGCONT after `span`.
  func stop(for span: Duration) {
    world.log(name, "stopped for \(span)")
    stoppedUntil = max(stoppedUntil, world.clock.now + span)
  }

  /// kill -9: the kernel closes its connections.
  func kill() {
    guard isRunning else { return }
    world.log(name, "killed")
    isRunning = false
    for connection in connections { connection.close() }
    whenEnded?(false)
  }

  /// The machine ends: nobody closes anything.
  func vanish() {
    guard isRunning else { return }
    world.log(name, "machine ended")
    isRunning = false
    for connection in connections { connection.vanish() }
    whenEnded?(true)
  }
}
