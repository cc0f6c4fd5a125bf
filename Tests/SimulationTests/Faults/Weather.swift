/// How bad a world is: what its seed draws of faults. Rates are in a thousand.
struct Weather {
  /// A request of a lane is lost with its connection, before the server has it.
  var lostRequests = 0
  /// The server's answer is lost with the connection; what was sent is done.
  var lostReplies = 0
  /// The server refuses a request with an SQLSTATE.
  var serverErrors = 0
  /// The backend is terminated when a request arrives.
  var endedBackends = 0
  /// A request or an answer takes longer than a transaction may.
  var slowRequests = 0
  /// No connection can be made.
  var refusedConnections = 0
  /// The upstream does something else than the work, or does it otherwise than it says.
  var oddUpstream = 0
  /// An answer to a client gets lost, or the client gives up.
  var lostAnswers = 0
  /// A client sends a request twice, or again later.
  var repeatedRequests = 0
  /// An administrator does something, in the time between two edits.
  var administration = 0
  /// A process is killed after an effect of its machines.
  var kills = 0
  /// A process is stopped for a while before it hears what has happened.
  var freezes = 0
  // These are numbers of times.
  /// The server restarts.
  var restarts = 0
  /// The database's clock jumps.
  var clockJumps = 0
  /// A gateway is stopped for a while.
  var stops = 0
  /// A gateway's process ends at any moment.
  var ends = 0
  /// The machine of a gateway ends.
  var machineEnds = 0

  static let serverErrorStates = ["40001", "40P01", "55P03", "53300", "53100", "57014"]

  /// Draws which kinds of faults a world has, and how often: most worlds have some of a few kinds, some have all.
  init(_ random: inout SeededRandom) {
    func rate(_ most: Int) -> Int {
      random.chance(550) ? 0 : random.int(1...most)
    }
    lostRequests = rate(120)
    lostReplies = rate(150)
    serverErrors = rate(120)
    endedBackends = rate(80)
    slowRequests = rate(80)
    refusedConnections = rate(120)
    oddUpstream = rate(700)
    lostAnswers = rate(400)
    repeatedRequests = rate(500)
    administration = rate(500)
    kills = rate(12)
    freezes = rate(3)
    restarts = rate(3)
    clockJumps = rate(3)
    stops = rate(4)
    ends = rate(3)
    machineEnds = rate(2)
  }

  /// No faults at all.
  init() {}
}
