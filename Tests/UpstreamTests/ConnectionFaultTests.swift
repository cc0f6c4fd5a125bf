import NIOCore
import NIOPosix
import Testing
import Upstream

/// What becomes of an edit when the connection, not the answer, is at fault.
@Suite struct ConnectionFaultTests {
  private static func submit(
    to server: RawServer, timeout: Duration = .seconds(120), change: (inout OneMinConfiguration) -> Void = { _ in }
  ) async throws -> EditOutcome {
    try await server.run { port in
      try await withProvider(port: port, timeout: timeout, change: change) {
        await $0.submit(.sample, permit: { true })
      }
    }
  }

  /// Submits with a short time-out, and once more with a longer one where the machine was too busy to send anything.
  private static func submitInVain(to server: RawServer) async throws -> EditOutcome {
    var timeout = Duration.milliseconds(300)
    while true {
      let outcome = try await submit(to: server, timeout: timeout)
      guard case .notDone = outcome, server.receivedBytes == 0 else { return outcome }
      timeout *= 2
    }
  }

  @Test func refusedPortIsNotSent() async throws {
    let port = try #require(DeafPort())
    let permit = Permit(true)
    let outcome = try await withProvider(port: port.number) { await $0.submit(.sample, permit: permit.ask) }
    #expect(outcome == .notDone(Refusal(cause: .notSent(.connect))))
    #expect(permit.count == 0, "the permit is asked right before the first byte, not before connecting")
  }

  @Test func unknownNameIsNotSent() async throws {
    let outcome = try await withProvider(port: 80, host: "nohost.invalid") {
      await $0.submit(.sample, permit: { true })
    }
    #expect(outcome == .notDone(Refusal(cause: .notSent(.dns))))
  }

  @Test func connectionThatIsNotTLSIsNotSent() async throws {
    let server = RawServer(began: { $0.answer("HTTP/1.1 400 Bad Request\r\n\r\n") })
    let outcome = try await server.run { port in
      try await withProvider(port: port, scheme: "https") { await $0.submit(.sample, permit: { true }) }
    }
    #expect(outcome == .notDone(Refusal(cause: .notSent(.tls))))
  }

  @Test func silentTLSHandshakeIsNotSent() async throws {
    let outcome = try await RawServer().run { port in
      try await withProvider(port: port, scheme: "https", connectTimeout: .milliseconds(200)) {
        await $0.submit(.sample, permit: { true })
      }
    }
    guard case .notDone(let refusal) = outcome, case .notSent = refusal.cause else {
      Issue.record("\(outcome)")
      return
    }
  }

  @Test func resetBeforeTheHeadIsUnknown() async throws {
    let outcome = try await Self.submit(to: RawServer { $0.reset() })
    #expect(outcome == .unknown(Uncertainty(cause: .reset)))
  }

  @Test func closeWithoutAnswerIsUnknown() async throws {
    let outcome = try await Self.submit(to: RawServer(began: { $0.close() }))
    #expect(outcome == .unknown(Uncertainty(cause: .reset)))
  }

  @Test func resetInTheMiddleOfTheBodyIsUnknown() async throws {
    let outcome = try await Self.submit(
      to: RawServer { connection in
        connection.channel.writeAndFlush(
          ByteBuffer(string: "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"aiRecord\"")
        )
        .whenComplete { _ in connection.reset() }
      })
    #expect(outcome == .unknown(Uncertainty(cause: .reset)))
  }

  @Test func closeInTheMiddleOfTheBodyIsUnknown() async throws {
    let outcome = try await Self.submit(
      to: RawServer { $0.answerAndClose("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"aiRecord\"") })
    #expect(outcome == .unknown(Uncertainty(cause: .reset)))
  }

  /// Even a refusal counts only when it was read to its end.
  @Test func refusalThatIsCutIsUnknown() async throws {
    let outcome = try await Self.submit(
      to: RawServer { $0.answerAndClose("HTTP/1.1 400 X\r\nContent-Length: 500\r\n\r\n" + AnswerTableTests.flat) })
    #expect(outcome == .unknown(Uncertainty(cause: .reset)))
  }

  @Test func noAnswerInTimeIsUnknown() async throws {
    let outcome = try await Self.submitInVain(to: RawServer())
    #expect(outcome == .unknown(Uncertainty(cause: .timedOut)))
  }

  @Test func timeOutCountsToTheLastByteOfASlowBody() async throws {
    let server = RawServer { connection in
      connection.answer("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
      connection.drip()
    }
    let outcome = try await Self.submitInVain(to: server)
    #expect(outcome == .unknown(Uncertainty(cause: .timedOut)))
  }

  @Test func timeOutCountsToTheEndOfASlowHead() async throws {
    let server = RawServer { connection in
      connection.answer("HTTP/1.1 200 OK\r\nX-Slow:")
      connection.drip()
    }
    let outcome = try await Self.submitInVain(to: server)
    #expect(outcome == .unknown(Uncertainty(cause: .timedOut)))
  }

  @Test(arguments: ["Transfer-Encoding: chunked", "Connection: close"])
  func endlessBodyIsReadNoFurtherThanItsBound(header: String) async throws {
    let sent = RawServer.SentBytes()
    let isChunked = header.hasPrefix("Transfer")
    let server = RawServer { connection in
      connection.answer("HTTP/1.1 200 OK\r\n\(header)\r\n\r\n")
      let content = String(repeating: " ", count: 16_384)
      connection.sendEndlessly(ByteBuffer(string: isChunked ? "4000\r\n\(content)\r\n" : content), counting: sent)
    }
    let outcome = try await Self.submit(to: server) { $0.maximumResponseBytes = 256 * 1024 }
    #expect(outcome == .unknown(Uncertainty(cause: .tooLarge)))
    #expect(sent.total < 64 * 1024 * 1024, "beyond the bound only what lies in the buffers of two sockets")
  }

  @Test func announcedTenGigabytesAreNotReadAtAll() async throws {
    let server = RawServer { $0.answer("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n") }
    #expect(try await Self.submit(to: server) == .unknown(Uncertainty(cause: .tooLarge)))
  }

  @Test func endlessHeadIsUnknown() async throws {
    let server = RawServer { connection in
      connection.answer("HTTP/1.1 200 OK\r\n")
      connection.sendEndlessly(
        ByteBuffer(string: "X-Long: " + String(repeating: "x", count: 4_000) + "\r\n"), counting: .init())
    }
    #expect(try await Self.submit(to: server) == .unknown(Uncertainty(cause: .unparseable)))
  }

  @Test func switchingOfProtocolsIsUnknown() async throws {
    let server = RawServer { $0.answerAndClose("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n") }
    guard case .unknown = try await Self.submit(to: server) else {
      Issue.record("a 101 decides nothing")
      return
    }
  }

  /// The server closes a kept connection just when it is used again: the request went out, so nobody can tell.
  @Test func keptConnectionThatClosesUnderTheRequestIsUnknown() async throws {
    let server = RawServer(
      complete: { if $0.number == 0 { $0.answer(http("200 OK", record())) } },
      began: { if $0.number == 1 { $0.close() } })
    try await server.run { port in
      try await withProvider(port: port) { provider in
        #expect(await provider.submit(.sample, permit: { true }) == AnswerTableTests.done)
        #expect(await provider.submit(.sample, permit: { true }) == .unknown(Uncertainty(cause: .reset)))
      }
    }
    #expect(server.connections == 1)
  }

  /// Whatever the race between closing and sending, "not sent" is only said of what the server never saw.
  @Test func whatTheServerReceivedIsNeverCalledNotSent() async throws {
    for round in 0..<200 {
      let server = RawServer(
        complete: { connection in
          if connection.number == 0 { connection.answerAndClose(http("200 OK", record())) } else { connection.close() }
        },
        accepted: { if round % 2 == 0 { $0.close() } })
      try await server.run { port in
        try await withProvider(port: port) { provider in
          _ = await provider.submit(.sample, permit: { true })
          let before = server.receivedBytes
          let outcome = await provider.submit(.sample, permit: { true })
          if case .notDone(let refusal) = outcome {
            #expect(refusal.cause == .notSent(.connect))
            #expect(server.receivedBytes == before, "round \(round)")
          }
        }
      }
    }
  }
}
