import NIOCore
import Testing
import Upstream

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
    let server = RawServer { _ in isTaken.send() }
    try await server.run { port in
      try await withProvider(
        port: port, timeout: .seconds(2), connectTimeout: .milliseconds(200), change: { $0.maximumConnections = 1 }
      ) { provider in
        async let first = provider.submit(.sample, permit: { true })
        await isTaken.wait()
        let permit = Permit(true)
        #expect(await provider.submit(.sample, permit: permit.ask) == .notDone(Refusal(cause: .notSent(.busy))))
        #expect(permit.count == 0)
        #expect(await first == .unknown(Uncertainty(cause: .timedOut)))
      }
    }
    #expect(server.requests.count == 1)
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
