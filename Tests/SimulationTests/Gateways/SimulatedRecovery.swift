import Gateway
import LedgerStore
import Upstream

/// The shell around a gateway's `RecoveryMachine`, as `RecoveryService` is around the real one.
final class SimulatedRecovery {
  static let settings: RecoverySettings = {
    var settings = RecoverySettings(lease: .seconds(15), heldAtMost: UpstreamConduct.timeout + .seconds(15))
    settings.findAllInterval = .seconds(120)
    settings.askFor = .seconds(3_600)
    return settings
  }()
  /// How often it is told that time passes: only how soon it acts depends on it.
  private static let tickInterval: Duration = .seconds(1)

  private let gateway: SimulatedGateway
  private let run: GatewayRun
  private let store: SimulatedStore
  private var machine = RecoveryMachine(SimulatedRecovery.settings)
  private var process: SimulatedProcess { run.process }
  private var world: World { process.world }

  init(_ gateway: SimulatedGateway, _ run: GatewayRun) {
    self.gateway = gateway
    self.run = run
    store = SimulatedStore(process: run.process)
  }

  /// Whether nothing is left of earlier runs on this machine.
  var isThrough: Bool { machine.isThroughWithEarlierRuns }

  func begin() {
    handle(.began(gateway.folder.leftovers(for: run.instance)))
    tick()
  }

  private func tick() {
    handle(.tick)
    process.after(Self.tickInterval) { [self] in tick() }
  }

  private func handle(_ event: RecoveryEvent) {
    for effect in machine.handle(event, now: world.clock.now) {
      perform(world.bugs.recovery(effect))
      guard process.outlivesEffect() else { return }
    }
  }

  private func perform(_ effect: RecoveryEffect) {
    let (run, settings) = (run, Self.settings)
    switch effect {
    case .renew(let sentAt):
      store.ask {
        $0.renewInstance(run.instance, until: $1.shifted(by: settings.lease))
      } answer: { [self] in
        handle(.renewed($0, sentAt: sentAt))
      }
    case .extendLease(let moment):
      world.auditor.checkLease(of: run.instance, until: moment)
      run.leaseUntil = max(run.leaseUntil, moment)
    case .findAll: store.findAll { [self] in handle(.foundAll($0)) }
    case .sweep(let from):
      store.sweep(from: from, lag: settings.lag, limit: settings.lookLimit) { [self] in handle(.swept($0)) }
    case .look(let names):
      store.ask {
        HeldEdits(edits: $0.stillHeld(names, now: $1), now: $1)
      } answer: { [self] in
        handle(.looked($0))
      }
    case .findDoubts(let earlier):
      store.ask {
        DueDoubts(doubts: $0.doubts(of: earlier, limit: settings.lookLimit), now: $1)
      } answer: { [self] in
        handle(.foundDoubts(of: earlier, $0))
      }
    case .findDue:
      store.ask {
        DueDoubts(doubts: $0.dueDoubts(now: $1, limit: settings.doubtLimit), now: $1)
      } answer: { [self] in
        handle(.foundDue($0))
      }
    case .claim(let doubt, let step, let moment):
      store.ask { tables, _ in
        tables.postpone(doubt, until: moment)
      } answer: { [self] in
        handle(.claimed(doubt, for: step, $0 ?? false))
      }
    case .ask(let doubt):
      guard let uuid = doubt.upstreamUUID else { return }
      world.upstream.ask(uuid, from: process) { [self] in handle(.asked(doubt, $0)) }
    case .forget(let doubt):
      store.ask { [world] tables, _ in
        world.auditor.willForget(doubt)
        tables.forget(doubt)
      } answer: { _ in
      }
    case .book(let booking):
      world.log(process.name, "recovery books \(booking.booking.command.trace) (\(booking.reason))")
      run.book(booking.booking, .untilCommitted) { [self] result in
        if case .success = result { world.auditor.checkBooked(booking.booking) }
        handle(.booked(booking, result))
      }
    case .removeNotes(let earlier):
      gateway.folder.remove(notesOf: earlier)
      store.ask {
        $0.endInstance(earlier, at: $1)
      } answer: { _ in
      }
    case .removeJournal(let name): gateway.folder.remove(journal: name)
    case .prune: process.after(world.networkDelay()) { [self] in handle(.pruned) }
    case .alert(let alert): world.auditor.alerted(alert)
    }
  }
}

extension Booking {
  /// The command that books it, as `LedgerStore.book` makes it.
  var command: LaneCommand {
    switch self {
    case .settle(let request): .settle(request)
    case .release(let request): .release(request)
    case .doubt(let request): .markInDoubt(request)
    case .attach(let request): .attach(request)
    }
  }
}
