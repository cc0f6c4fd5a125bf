import Postgres

/// One connection to the database as its client sees it, with everything that can happen in between. What one end sends
/// arrives at the other in its order, or not at all.
final class DatabaseConnection {
  /// No transaction lives longer: a round trip that takes more closes the connection, its outcome unknown.
  static let roundTripTimeout: Duration = .seconds(2)

  private unowned let world: World
  private let session: DatabaseSession
  private let owner: SimulatedProcess
  private(set) var isUsable = true
  private var nextArrival = Duration.zero

  /// Connects; nil where the server is down or refuses.
  init?(owner: SimulatedProcess) {
    let world = owner.world
    guard !world.random.chance(world.weather.refusedConnections), let session = world.database.connect() else {
      return nil
    }
    self.world = world
    self.owner = owner
    self.session = session
    owner.connections.append(self)
  }

  /// Sends a request. `reply` comes once, at the latest after the time-out; after an error without an answer of the
  /// server's the connection is not usable any more.
  func send(_ request: DatabaseServer.Request, _ reply: @escaping DatabaseServer.Reply) {
    var isAnswered = false
    func answer(_ result: Result<DatabaseServer.Answer, PostgresError>, keeps isKept: Bool) {
      guard !isAnswered else { return }
      isAnswered = true
      if !isKept { close() }
      reply(result)
    }
    owner.after(Self.roundTripTimeout) { answer(.failure(.timedOut), keeps: false) }
    let fate = Fate(&world.random, world.weather)
    if fate == .requestLost {
      owner.after(world.random.milliseconds(0...300)) { answer(.failure(.lost), keeps: false) }
      return
    }
    let failure = fate == .serverError ? world.random.pick(Weather.serverErrorStates) : nil
    arrive(after: fate == .requestSlow ? world.random.milliseconds(100...5_000) : world.networkDelay()) { [self] in
      if fate == .backendEnds { world.database.end(session) }
      world.database.receive(request, failure: failure, on: session) { [self] result in
        if fate == .replyLost {
          owner.after(world.random.milliseconds(0...300)) { answer(.failure(.lost), keeps: false) }
          return
        }
        let delay = fate == .replySlow ? world.random.milliseconds(100...3_000) : world.networkDelay()
        owner.after(delay) {
          if case .failure(let error) = result, error.outcome == .unknown {
            answer(result, keeps: false)
          } else {
            answer(result, keeps: true)
          }
        }
      }
    }
  }

  /// Closes this end. The server notices after what was sent before.
  func close() {
    guard isUsable else { return }
    isUsable = false
    owner.connections.removeAll { $0 === self }
    arrive(after: world.random.chance(100) ? .seconds(3) : world.networkDelay()) { [self] in
      world.database.receiveClose(of: session)
    }
  }

  /// The machine is gone without a word: the server hears nothing more.
  func vanish() {
    isUsable = false
    owner.connections.removeAll { $0 === self }
  }

  private func arrive(after delay: Duration, _ action: @escaping () -> Void) {
    nextArrival = max(nextArrival, world.clock.now + delay)
    world.at(nextArrival, action)
  }

  private enum Fate {
    case normal, requestLost, replyLost, serverError, backendEnds, requestSlow, replySlow

    init(_ random: inout SeededRandom, _ weather: Weather) {
      if random.chance(weather.lostRequests) {
        self = .requestLost
      } else if random.chance(weather.lostReplies) {
        self = .replyLost
      } else if random.chance(weather.serverErrors) {
        self = .serverError
      } else if random.chance(weather.endedBackends) {
        self = .backendEnds
      } else if random.chance(weather.slowRequests) {
        self = random.chance(500) ? .requestSlow : .replySlow
      } else {
        self = .normal
      }
    }
  }
}
