import Gateway
import Ledger
import LedgerStore

/// One gateway: runs on a machine, one after the other, with a folder that may outlive them.
final class SimulatedGateway {
  unowned let world: World
  private let number: Int
  let folder: SimulatedFolder
  private(set) var current: GatewayRun?
  private var recovery: SimulatedRecovery?

  init(number: Int, world: World) {
    self.number = number
    self.world = world
    folder = SimulatedFolder(world: world)
    start()
  }

  /// Whether it takes edits.
  var isUp: Bool { current.map { $0.hasBegun && $0.process.isRunning } ?? false }

  /// Whether nothing is under way, nobody waits, and nothing is left of earlier runs.
  var isIdle: Bool {
    isUp && current?.isIdle == true && recovery?.isThrough == true && folder.journalCount == 0
  }

  /// What keeps it from being idle.
  var unrest: String {
    guard isUp, let current else { return "down" }
    return "\(current.editCount) edits, lanes \(current.isIdle ? "idle" : "busy"), "
      + "earlier runs \(recovery?.isThrough == true ? "done" : "not done"), \(folder.journalCount) journals"
  }

  var process: SimulatedProcess? { current?.process }

  func end() {
    current?.process.connections = []
    current?.process.whenEnded = nil
    current = nil
    recovery = nil
  }

  /// A client's edit has come in.
  func edit(_ facts: EditFacts, _ answer: @escaping (SimulatedAnswer) -> Void) {
    guard let run = current, run.hasBegun else { return }
    run.process.run { [self] in SimulatedEdit(self, run, facts, answer).begin() }
  }

  /// A new run: its notes are on the disk before its lease is entered. Without a database it ends, and is started again.
  private func start() {
    let process = SimulatedProcess("gateway \(number)", world: world)
    let run = GatewayRun(process)
    current = run
    recovery = nil
    folder.begin(run.instance)
    process.whenEnded = { [self] isMachineGone in restart(isMachineGone) }
    let sentAt = world.clock.now
    let lease = SimulatedRecovery.settings.lease
    SimulatedStore(process: process).ask {
      $0.beginInstance(run.instance, until: $1.shifted(by: lease))
    } answer: { [self] isEntered in
      guard isEntered == true else { return process.kill() }
      world.log(process.name, "begins as \(run.instance.short)")
      run.leaseUntil = sentAt + lease
      run.hasBegun = true
      recovery = SimulatedRecovery(self, run)
      recovery?.begin()
    }
  }

  private func restart(_ isMachineGone: Bool) {
    if isMachineGone {
      if world.random.chance(300) { folder.moveToOtherMachine() } else { folder.restartMachine() }
    }
    // Now and then so soon that the last request of the run before is still on its way.
    let span = world.random.chance(300) ? 10...500 : 500...30_000
    world.after(world.random.milliseconds(span)) { [self] in start() }
  }
}
