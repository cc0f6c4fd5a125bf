import Ledger
import LedgerStore

/// Who lives in a world: one to three teams of two members, two gateways, an administrator's command line, and the
/// clients' edits.
final class Population {
  struct Person {
    var team: TeamID
    var member: MemberID
    var key: KeyID
  }

  static let model = "m"
  static let size = "s"
  /// Credits of one result, by quality.
  static let prices: [(quality: String, credits: Int64)] = [("low", 3_000), ("high", 10_000)]

  private unowned let world: World
  private(set) var people: [Person] = []
  private(set) var gateways: [SimulatedGateway] = []
  /// Edits that their clients have not finished with.
  private var openEdits = 0
  private(set) var hasBegunAll = false

  init(world: World) {
    self.world = world
  }

  /// Makes teams, members and keys, at once and without faults, and enters everything that will happen from outside.
  func settle() {
    world.database.tables.prices = Self.prices.enumerated().map { index, price in
      PriceEntry(
        version: Int64(index + 1), model: Self.model, quality: price.quality, size: Self.size,
        credits: Credits(price.credits), effectiveFrom: .epoch)
    }
    let founder = Founder(world: world)
    for _ in 0..<world.random.int(1...3) { people += founder.makeTeam() }
    gateways = (0..<2).map { SimulatedGateway(number: $0, world: world) }
    var moment = Duration.zero
    for _ in 0..<world.random.int(6...24) {
      moment += world.random.chance(600) ? world.random.milliseconds(0...50) : world.random.milliseconds(0...8_000)
      openEdits += 1
      world.at(moment) { [self] in SimulatedClient(world: world, person: world.random.pick(people)).begin() }
      if world.random.chance(world.weather.administration) {
        world.at(moment + world.random.milliseconds(0...5_000)) { [self] in
          SimulatedAdministrator(world: world).act(on: world.random.pick(people).team)
        }
      }
    }
    Misfortunes(world: world).enter(until: moment + .seconds(10))
    world.at(moment + .seconds(10)) { [self] in hasBegunAll = true }
  }

  /// A client has its answer, or has given up.
  func finished() {
    openEdits -= 1
  }

  /// Whether nothing is under way any more, and nothing is left to be done without an administrator: all that is open is
  /// in doubt, in teams that never let a doubt be charged, and the upstream tells nothing of it.
  var isRecovered: Bool {
    guard openEdits == 0, gateways.allSatisfy(\.isIdle) else { return false }
    let tables = world.database.tables
    return tables.teams.values.allSatisfy { team in
      let mayStay = team.book.team.inDoubtChargeAfterSeconds == nil
      return team.book.records.values.allSatisfy { !$0.state.isOpen || $0.state == .inDoubt && mayStay }
    } && !tables.hasDoubts { world.upstream.calls[$0]?.result != nil }
  }

  /// What keeps a world from coming to rest.
  var unrest: String {
    let open = world.database.tables.teams.values.flatMap { $0.book.records.values.filter(\.state.isOpen) }
    let records = open.map { "\($0.id.short) \($0.state.rawValue)" }.sorted()
    return "\(openEdits) clients wait, \(records) are open, gateways: \(gateways.map(\.unrest)), "
      + "database: \(world.database.leak ?? "quiet")"
  }

  /// Whether no edit is open, and nothing is under way any more.
  var isResolved: Bool {
    guard gateways.allSatisfy(\.isIdle), world.database.leak == nil else { return false }
    return world.database.tables.teams.values.allSatisfy { $0.book.records.values.allSatisfy { !$0.state.isOpen } }
  }

  /// Administrators end what is still in doubt.
  func resolveWhatIsLeft() {
    for team in Set(people.map(\.team)).sorted() { SimulatedAdministrator(world: world).resolveAll(of: team) }
  }

  /// A gateway that can take a request, if there is one.
  func gateway() -> SimulatedGateway? {
    let running = gateways.filter(\.isUp)
    return running.isEmpty ? nil : world.random.pick(running)
  }

  func end() {
    for gateway in gateways { gateway.end() }
    gateways = []
  }
}
