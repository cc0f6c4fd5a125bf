import NIOCore
import NIOHTTP1
import NIOPosix

/// A load of HTTP requests on one event loop: at a rate, whatever the server does (open loop), or by clients that each wait
/// for their answer (closed loop).
///
/// It is made on its event loop and lives there; one thread is enough for many thousand requests a second, and leaves the
/// others to whatever is measured.
final class EditLoad {
  /// What is to be sent.
  struct Plan: Sendable {
    var target: LoadTarget
    /// Sent in turn.
    var requests: [LoadRequest]
    /// Requests a second; nil: as many as the connections can take, each waiting for its answer.
    var perSecond: Int?
    var connections: Int
    /// Requests of an open loop that may be without an answer; what is due above it is dropped and counted.
    var maximumOutstanding: Int
    /// After which a request without an answer counts as timed out, from its intended start.
    var timeout: TimeAmount
    var warmUp: TimeAmount
    var measured: TimeAmount
  }

  /// How often it is looked for requests whose time is over.
  private static let tick = TimeAmount.milliseconds(50)
  /// A client that got no answer waits so long, so that a server that is away is not asked in a tight loop.
  private static let pauseAfterLoss = TimeAmount.milliseconds(20)

  private let plan: Plan
  private let loop: NIOIsolatedEventLoop
  private let result: EventLoopPromise<LoadCounts>
  private let measuredFrom: NIODeadline
  private let end: NIODeadline
  private var schedule: LoadSchedule
  private var counts = LoadCounts()
  private var isIssuing = true
  private var outstanding = 0
  private var nextRequest = 0
  /// Intended starts of requests that wait for a connection.
  private var waiting = CircularBuffer<NIODeadline>()
  private var idle: [LoadConnection] = []
  private var open: [ObjectIdentifier: LoadConnection] = [:]
  private var connecting = 0

  /// Runs `plan` on a thread of its own.
  static func run(_ plan: Plan) async throws -> LoadCounts {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
      let loop = group.next()
      let counts = try await loop.flatSubmit {
        let result = loop.makePromise(of: LoadCounts.self)
        EditLoad(plan, on: loop.assumeIsolated(), result).start()
        return result.futureResult
      }.get()
      try await group.shutdownGracefully()
      return counts
    } catch {
      try await group.shutdownGracefully()
      throw error
    }
  }

  private init(_ plan: Plan, on loop: NIOIsolatedEventLoop, _ result: EventLoopPromise<LoadCounts>) {
    self.plan = plan
    self.loop = loop
    self.result = result
    let start = NIODeadline.now()
    measuredFrom = start + plan.warmUp
    end = measuredFrom + plan.measured
    schedule = LoadSchedule(perSecond: plan.perSecond ?? 1, start: start, end: end)
  }

  private func start() {
    loop.scheduleTask(deadline: measuredFrom) { self.counts.processor.start = .now() }
    loop.scheduleTask(deadline: end) { self.endOfTime() }
    expireRegularly()
    if plan.perSecond == nil {
      for _ in 0..<plan.connections { begin(at: .now()) }
    } else {
      issueDue()
    }
  }

  private func isMeasured(_ intended: NIODeadline) -> Bool { intended >= measuredFrom && intended < end }
}

// MARK: - Issuing

extension EditLoad {
  private func issueDue() {
    while let intended = schedule.takeDue(at: .now()) { begin(at: intended) }
    guard let next = schedule.next else { return }
    loop.scheduleTask(deadline: next) { self.issueDue() }
  }

  private func begin(at intended: NIODeadline) {
    if isMeasured(intended) { counts.intended += 1 }
    guard plan.perSecond == nil || outstanding < plan.maximumOutstanding else {
      if isMeasured(intended) { counts.dropped += 1 }
      return
    }
    outstanding += 1
    if let connection = idleConnection() {
      send(intended, on: connection)
    } else {
      waiting.append(intended)
      connectIfAllowed()
    }
  }

  private func idleConnection() -> LoadConnection? {
    while let connection = idle.popLast() {
      if connection.isUsable { return connection }
      open[ObjectIdentifier(connection)] = nil
    }
    return nil
  }

  private func send(_ intended: NIODeadline, on connection: LoadConnection) {
    let request = plan.requests[nextRequest]
    nextRequest = (nextRequest + 1) % plan.requests.count
    connection.send(request, until: intended + plan.timeout) { connection, outcome in
      self.finish(intended, outcome)
      self.takeBack(connection)
    }
  }

  private func finish(_ intended: NIODeadline, _ outcome: LoadOutcome) {
    outstanding -= 1
    let now = NIODeadline.now()
    if isMeasured(intended) { counts.count(outcome, after: now - intended) }
    if plan.perSecond == nil, isIssuing {
      if case .answered = outcome {
        // After the connection is taken back, so that this client finds it idle.
        loop.execute { self.begin(at: .now()) }
      } else {
        loop.scheduleTask(in: Self.pauseAfterLoss) { if self.isIssuing { self.begin(at: .now()) } }
      }
    }
    endWhenDone()
  }

  private func takeBack(_ connection: LoadConnection) {
    guard connection.isUsable else {
      open[ObjectIdentifier(connection)] = nil
      return connectIfAllowed()
    }
    if let intended = waiting.popFirst() {
      send(intended, on: connection)
    } else {
      idle.append(connection)
    }
  }
}

// MARK: - Connections

extension EditLoad {
  private func connectIfAllowed() {
    guard connecting < waiting.count, open.count + connecting < plan.connections else { return }
    connecting += 1
    LoadConnection.connect(to: plan.target, on: loop.nonisolated()).assumeIsolated().whenComplete { result in
      self.connecting -= 1
      switch result {
      case .success(let channel): self.adopt(channel)
      case .failure:
        if let intended = self.waiting.popFirst() { self.finish(intended, .notConnected) }
        self.connectIfAllowed()
      }
    }
  }

  private func adopt(_ channel: any Channel) {
    guard let connection = try? channel.pipeline.syncOperations.handler(type: LoadConnection.self) else { return }
    open[ObjectIdentifier(connection)] = connection
    takeBack(connection)
  }

  private func expireRegularly() {
    let now = NIODeadline.now()
    for connection in open.values { connection.expire(at: now) }
    while let first = waiting.first, first + plan.timeout <= now {
      waiting.removeFirst()
      finish(first, .timedOut)
    }
    if isIssuing || outstanding > 0 { loop.scheduleTask(in: Self.tick) { self.expireRegularly() } }
  }

  private func endOfTime() {
    counts.processor.end = .now()
    isIssuing = false
    endWhenDone()
  }

  private func endWhenDone() {
    guard !isIssuing, outstanding == 0 else { return }
    for connection in open.values { connection.close() }
    open = [:]
    result.succeed(counts)
  }
}
