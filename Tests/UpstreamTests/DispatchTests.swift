import NIOCore
import Synchronization
import Testing
import Upstream

/// The machine that knows whether a first byte may still go out.
@Suite struct DispatchStateTests {
  @Test func whatWasGivenUpIsNeverSent() {
    let permit = Permit(true)
    let dispatch = Dispatch(permit: permit.ask)
    #expect(dispatch.conclude() == .withdrawn)
    #expect(!dispatch.begin())
    #expect(permit.count == 0)
  }

  @Test func whatWasSentStaysSent() {
    let dispatch = Dispatch(permit: { true })
    #expect(dispatch.begin())
    #expect(dispatch.conclude() == .sent && dispatch.conclude() == .sent)
    #expect(!dispatch.begin(), "a request is sent once")
  }

  @Test func givingUpWhileThePermitIsAskedWins() {
    let given = Mutex<Dispatch?>(nil)
    let dispatch = Dispatch {
      _ = given.withLock { $0 }?.conclude()
      return true
    }
    given.withLock { $0 = dispatch }
    #expect(!dispatch.begin())
    #expect(dispatch.conclude() == .withdrawn)
  }

  /// Whoever comes first, both sides agree on what happened.
  @Test func bothSidesAgreeUnderAnyTiming() async {
    for _ in 0..<2_000 {
      let dispatch = Dispatch(permit: { true })
      async let begun = Task.detached { dispatch.begin() }.value
      async let concluded = Task.detached { dispatch.conclude() }.value
      let outcome = await (begun, concluded)
      #expect(outcome == (true, .sent) || outcome == (false, .withdrawn))
    }
  }
}

/// The permit, the pool, and what cancellation does not do.
@Suite struct DispatchTests {
  @Test func withoutPermitNotOneByteIsSent() async throws {
    let server = RawServer { $0.answer(http("200 OK", record())) }
    let permit = Permit(false)
    try await server.run { port in
      try await withProvider(port: port) { provider in
        #expect(await provider.submit(.sample, permit: permit.ask) == .notDone(Refusal(cause: .notPermitted)))
        #expect(server.receivedBytes == 0)
        #expect(await provider.submit(.sample, permit: { true }) == AnswerTableTests.done)
      }
    }
    #expect(permit.count == 1)
    #expect(server.requests.count == 1)
  }

  /// On a connection that is used again, too.
  @Test func withoutPermitNothingIsSentOnAKeptConnection() async throws {
    let server = RawServer { $0.answer(http("200 OK", record())) }
    try await server.run { port in
      try await withProvider(port: port) { provider in
        #expect(await provider.submit(.sample, permit: { true }) == AnswerTableTests.done)
        let before = server.receivedBytes
        #expect(await provider.submit(.sample, permit: { false }) == .notDone(Refusal(cause: .notPermitted)))
        #expect(server.receivedBytes == before)
      }
    }
  }

  @Test func permitIsAskedOnceAndBeforeTheServerSeesAnything() async throws {
    let server = RawServer { $0.answer(http("200 OK", record())) }
    let permit = Permit(true)
    try await server.run { port in
      try await withProvider(port: port) { provider in
        let outcome = await provider.submit(.sample) {
          server.receivedBytes == 0 && permit.ask()
        }
        #expect(outcome == AnswerTableTests.done)
      }
    }
    #expect(permit.count == 1)
  }

  @Test func waitingForAConnectionIsNotSent() async throws {
    let isTaken = Signal()
    let server = RawServer { connection in
      if connection.number == 0 { connection.answer(http("200 OK", record())) } else { isTaken.send() }
    }
    try await server.run { port in
      try await withProvider(
        port: port, connectTimeout: .milliseconds(200), change: { $0.maximumConnections = 1 }
      ) { provider in
        // Until there is a connection, which on a busy machine takes longer than the short time to connect.
        while server.requests.isEmpty { _ = await provider.submit(.sample, permit: { true }) }
        async let first = provider.submit(.sample, permit: { true })
        await isTaken.wait()
        let permit = Permit(true)
        #expect(await provider.submit(.sample, permit: permit.ask) == .notDone(Refusal(cause: .notSent(.busy))))
        #expect(permit.count == 0)
        await provider.shutdown()
        #expect(await first == .unknown(Uncertainty(cause: .reset)))
      }
    }
    #expect(server.requests.count == 2)
  }

  @Test func cancellationAfterTheFirstByteStillGivesTheOutcome() async throws {
    let hasArrived = Signal()
    let mayAnswer = Signal()
    let server = RawServer { connection in
      hasArrived.send()
      Task {
        await mayAnswer.wait()
        connection.answer(http("200 OK", record()))
      }
    }
    try await server.run { port in
      try await withProvider(port: port) { provider in
        let edit = Task { await provider.submit(.sample, permit: { true }) }
        await hasArrived.wait()
        edit.cancel()
        mayAnswer.send()
        #expect(await edit.value == AnswerTableTests.done)
      }
    }
  }

  @Test func stoppingMakesRunningEditsUnknownAndLaterOnesNotSent() async throws {
    let hasArrived = Signal()
    let server = RawServer { _ in hasArrived.send() }
    try await server.run { port in
      try await withProvider(port: port) { provider in
        async let running = provider.submit(.sample, permit: { true })
        await hasArrived.wait()
        await provider.shutdown()
        #expect(await running == .unknown(Uncertainty(cause: .reset)))
        #expect(
          await provider.submit(.sample, permit: { true }) == .notDone(Refusal(cause: .notSent(.stopping))))
      }
    }
  }

  @Test func hundredsOfEditsRunAtOnceAndKeepTheirOutcomes() async throws {
    let server = RawServer { $0.answer(http("200 OK", record(metadata: "{\"credit\":\($0.number)}"))) }
    try await server.run { port in
      try await withProvider(port: port) { provider in
        let credits = await withTaskGroup(of: Int64?.self) { group in
          for _ in 0..<400 {
            group.addTask {
              guard case .done(let result) = await provider.submit(.sample, permit: { true }) else { return nil }
              return result.credit
            }
          }
          var credits: Set<Int64> = []
          for await credit in group { credits.insert(credit ?? -1) }
          return credits
        }
        #expect(credits == Set(0..<400))
      }
    }
    #expect(server.connections <= 512)
  }
}
