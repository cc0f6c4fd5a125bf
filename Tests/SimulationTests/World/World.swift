import Ledger
import LedgerStore

/// One simulated world: a seed, and everything that follows from it.
final class World {
  /// Steps after which a world is given up: a machine that goes round in circles is a fault too.
  private static let mostSteps = 60_000

  /// How often it is asked whether a world has come to where it was to come.
  private static let stepsBetweenLooks = 16

  let seed: UInt64
  var random: SeededRandom
  let clock: VirtualClock
  let bugs: Bugs
  var weather: Weather
  private(set) var isCalm = false
  /// The database's clock goes wrong now and then.
  let hasClockJumps: Bool
  /// The upstream is asked to answer at once, with an id to ask for.
  let isAsync: Bool
  private(set) lazy var database = DatabaseServer(world: self)
  private(set) lazy var auditor = Auditor(world: self)
  private(set) lazy var upstream = SimulatedUpstream(world: self)
  private(set) lazy var population = Population(world: self)
  private var agenda = Agenda()
  private(set) var steps = 0
  /// What happened, where somebody wants to read it.
  private(set) var trace: [String]?
  /// What must not have happened.
  private(set) var violations: [String] = []

  init(seed: UInt64, bugs: Bugs = Bugs(), isTraced: Bool = false) {
    self.seed = seed
    self.bugs = bugs
    random = SeededRandom(seed: seed)
    // Shortly before the end of a month, so that many worlds live through it.
    let monthEnd = PeriodBounds.utcMonth(containing: Timestamp(microseconds: 1_800_000_000_000_000)).end ?? .epoch
    clock = VirtualClock(start: monthEnd.shifted(by: .zero - random.milliseconds(0...120_000)))
    weather = Weather(&random)
    hasClockJumps = weather.clockJumps > 0
    isAsync = random.chance(400)
    trace = isTraced ? [] : nil
  }

  func at(_ moment: Duration, _ action: @escaping () -> Void) {
    agenda.enter(at: max(moment, clock.now), action)
  }

  func after(_ span: Duration, _ action: @escaping () -> Void) {
    agenda.enter(at: clock.now + max(span, .zero), action)
  }

  /// How long a message takes on an ordinary way.
  func networkDelay() -> Duration {
    random.chance(50) ? random.milliseconds(1...400) : .microseconds(random.int(50...1_500))
  }

  /// Does what is due until `isDone`, which must be at the latest after `span`.
  func run(atMost span: Duration? = nil, until isDone: () -> Bool) {
    let end = span.map { clock.now + $0 }
    while violations.isEmpty, steps % Self.stepsBetweenLooks != 0 || !isDone(), let (moment, action) = agenda.takeNext()
    {
      clock.advance(to: moment)
      steps += 1
      if steps > Self.mostSteps || end.map({ moment > $0 }) ?? false {
        return violate("the world does not come to rest: \(population.unrest)")
      }
      action()
    }
  }

  /// Notes something for the trace.
  func log(_ who: @autoclosure () -> String, _ what: @autoclosure () -> String) {
    guard trace != nil else { return }
    let milliseconds = clock.now / .milliseconds(1)
    trace?.append("\(milliseconds.rounded() / 1_000) \(who()): \(what())")
  }

  /// Notes that something is wrong; the world ends with the step.
  func violate(_ what: @autoclosure () -> String) {
    let text = what()
    log("VIOLATION", text)
    violations.append(text)
  }

  /// No more faults from now on.
  func calm() {
    isCalm = true
    weather = Weather()
    database.clockOffset = .zero
  }

  /// Lets go of everything that still waits.
  func end() {
    agenda = Agenda()
    population.end()
  }
}
