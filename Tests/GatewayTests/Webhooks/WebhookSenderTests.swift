import Foundation
import Gateway
import Ledger
import LedgerStore
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import TallyTesting
import Testing

@Suite struct WebhookSenderTests {
  /// A lookup that answers what a test says, each time the next.
  private final class Names: Sendable {
    private let answers: Mutex<[[NetworkAddress]]>
    let asked = Mutex<[String]>([])

    init(_ answers: [NetworkAddress]...) {
      self.answers = Mutex(answers)
    }

    var lookup: NameLookup {
      NameLookup { name, loop in
        self.asked.withLock { $0.append(name) }
        let next = self.answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        return next.map { loop.makeSucceededFuture($0) } ?? loop.makeFailedFuture(WebhookFailure.notResolved)
      }
    }
  }

  private static let loopback = NetworkAddress.v4(0x7F00_0001)

  private func send(
    _ url: String, allowed: String, names: Names = Names(), _ change: (inout WebhookSender.Settings) -> Void = { _ in }
  ) async throws -> WebhookOutcome {
    var settings = WebhookSender.Settings(allowance: try #require(WebhookAllowance(allowed)))
    change(&settings)
    let sender = try WebhookSender(settings, lookup: names.lookup)
    return await sender.send(Messages.message(url: url), at: Timestamp(microseconds: 1_794_000_000_999_999))
  }

  @Test func requestIsWhatTheRulesSay() async throws {
    let receiver = try await WebhookReceiver.start()
    let secret = AlertSecret.random()
    let sender = try WebhookSender(
      WebhookSender.Settings(allowance: try #require(WebhookAllowance("127.0.0.1"))), lookup: Names().lookup)
    let message = Messages.message(id: NoteID(bits: 5), url: "http://127.0.0.1:\(receiver.port)/a?b=c", secret: secret)
    let outcome = await sender.send(message, at: Timestamp(microseconds: 1_794_000_000_999_999))
    #expect(outcome == .answered(status: 204, retryAfterSeconds: nil))
    let request = try #require(receiver.requests.first)
    #expect(request.line == "POST /a?b=c HTTP/1.1")
    #expect(request.headers["host"] == "127.0.0.1:\(receiver.port)")
    #expect(request.headers["content-type"] == "application/json")
    #expect(request.headers["webhook-id"] == "00000000-0000-0000-0000-000000000005")
    #expect(request.headers["webhook-timestamp"] == "1794000000")
    let signature = WebhookSignature.sign(
      id: message.id.description, timestamp: 1_794_000_000, body: request.body, with: secret)
    #expect(request.headers["webhook-signature"] == signature)
    #expect(request.body == WebhookBody.json(of: message))
    await receiver.stop()
  }

  /// What is connected to is the address that was checked: nobody asks a second time.
  @Test func nameIsResolvedOnceAndTheCheckedAddressIsConnectedTo() async throws {
    let receiver = try await WebhookReceiver.start()
    // A second answer would lead elsewhere.
    let names = Names([Self.loopback], [.v4(0x0808_0808)])
    let outcome = try await send(
      "http://hooks.example.com:\(receiver.port)/", allowed: "hooks.example.com", names: names)
    #expect(outcome == .answered(status: 204, retryAfterSeconds: nil))
    #expect(names.asked.withLock { $0 } == ["hooks.example.com"])
    #expect(receiver.requests.first?.headers["host"] == "hooks.example.com:\(receiver.port)")
    await receiver.stop()
  }

  @Test(arguments: [
    [NetworkAddress.v4(0x7F00_0001)], [.v4(0x0808_0808), .v4(0x0A00_0001)], [.v6(1)], [.v6(0xFFFF_7F00_0001)],
    [.v4(0xA9FE_A9FE), .v4(0x0808_0808)],
  ])
  func nameThatLeadsToAPrivateAddressIsNotConnectedToAtAll(addresses: [NetworkAddress]) async throws {
    let receiver = try await WebhookReceiver.start()
    let outcome = try await send(
      "https://hooks.example.com:\(receiver.port)/", allowed: "", names: Names(addresses))
    #expect(outcome == .failed(.privateAddress))
    #expect(receiver.connections == 0)
    await receiver.stop()
  }

  @Test func literalOfAPrivateAddressIsRefusedBeforeAnything() async throws {
    let names = Names([Self.loopback])
    #expect(try await send("https://127.0.0.1/", allowed: "", names: names) == .refused(.privateHost))
    #expect(try await send("http://hooks.example.com/", allowed: "", names: names) == .refused(.notHTTPS))
    #expect(names.asked.withLock { $0 } == [])
  }

  @Test func nextAddressIsTriedWhereOneDoesNotAnswer() async throws {
    let receiver = try await WebhookReceiver.start()
    // Nobody listens on the other loopback address, so that connecting fails at once.
    let names = Names([.v4(0x7F00_0002), Self.loopback])
    let outcome = try await send(
      "http://hooks.example.com:\(receiver.port)/", allowed: "hooks.example.com", names: names)
    #expect(outcome.isSuccess)
    #expect(receiver.connections == 1)
    await receiver.stop()
    let nobody = try await send(
      "http://hooks.example.com:\(receiver.port)/", allowed: "hooks.example.com", names: Names([Self.loopback]))
    #expect(nobody == .failed(.notConnected))
    #expect(try await send("https://hooks.example.com/", allowed: "") == .failed(.notResolved))
  }

  @Test(arguments: [
    ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", WebhookOutcome.answered(status: 200, retryAfterSeconds: nil)),
    (
      "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
      .answered(status: 302, retryAfterSeconds: nil)
    ),
    ("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", .answered(status: 503, retryAfterSeconds: 7)),
    (
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n",
      .answered(status: 201, retryAfterSeconds: nil)
    ),
    // Its end is the connection's end, or never comes: the status counts.
    ("HTTP/1.1 200 OK\r\n\r\nwithout a length", .answered(status: 200, retryAfterSeconds: nil)),
    ("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\ncut", .answered(status: 200, retryAfterSeconds: nil)),
    (
      "HTTP/1.1 500 No\r\nContent-Length: 10000000\r\n\r\n" + String(repeating: "x", count: 200_000),
      .answered(status: 500, retryAfterSeconds: nil)
    ),
    ("", .failed(.cut)), ("HTTP/1.1 2", .failed(.unreadable)), ("SSH-2.0-OpenSSH_9.6\r\n\r\n", .failed(.unreadable)),
  ])
  func ofAnAnswerTheStatusCountsAndNothingIsFollowed(answer: String, expected: WebhookOutcome) async throws {
    let receiver = try await WebhookReceiver.start(answering: { _ in answer })
    let outcome = try await send("http://127.0.0.1:\(receiver.port)/", allowed: "127.0.0.1")
    #expect(outcome == expected)
    #expect(receiver.connections == 1)
    await receiver.stop()
  }

  @Test func receiverThatSaysNothingIsLeftAtTheDeadline() async throws {
    let silent = try await WebhookReceiver.start(answering: { _ in nil })
    let outcome = try await send("http://127.0.0.1:\(silent.port)/", allowed: "127.0.0.1") {
      $0.deadline = .milliseconds(50)
    }
    #expect(outcome == .failed(.timedOut))
    // Names that are not answered end there too.
    let sender = try WebhookSender(
      {
        var settings = WebhookSender.Settings(allowance: WebhookAllowance())
        settings.deadline = .milliseconds(50)
        return settings
      }(), lookup: NameLookup { _, loop in loop.scheduleTask(in: .seconds(20)) { [] }.futureResult })
    #expect(await sender.send(Messages.message(), at: .epoch) == .failed(.timedOut))
    await silent.stop()
  }

  @Test func cancellationEndsAnAttempt() async throws {
    let silent = try await WebhookReceiver.start(answering: { _ in nil })
    let port = silent.port
    let attempt = Task { try await send("http://127.0.0.1:\(port)/", allowed: "127.0.0.1") }
    while silent.requests.isEmpty { await Task.yield() }
    attempt.cancel()
    #expect(try await attempt.value == .failed(.stopping))
    await silent.stop()
  }

  @Test("Names are looked up by the system")
  func namesAreLookedUpByTheSystem() async throws {
    let threads = NIOThreadPool(numberOfThreads: 1)
    threads.start()
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let lookup = NameLookup.system(on: threads)
    let found = try await lookup.addresses("localhost", loop).get()
    #expect(!found.isEmpty && found.allSatisfy { $0 == Self.loopback || $0 == .v6(1) })
    await #expect(throws: WebhookFailure.notResolved) { try await lookup.addresses("no such name", loop).get() }
    try await threads.shutdownGracefully()
  }

  /// The connection goes to the address, and the certificate must be the name's.
  @Test(
    "With TLS the name is asked for and believed, not the address",
    .enabled(if: TestCertificate.openssl != nil, "openssl is installed"))
  func certificateMustBeThatOfTheName() async throws {
    let certificate = try TestCertificate.make(host: "hooks.example.com")
    defer { certificate.remove() }
    let asked = Mutex<[String]>([])
    let tls = try certificate.context { name in asked.withLock { $0.append(name) } }
    let receiver = try await WebhookReceiver.start(prepare: { channel in
      try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
    })
    func send(_ host: String, trusted: Bool = true) async throws -> WebhookOutcome {
      try await self.send(
        "https://\(host):\(receiver.port)/", allowed: "127.0.0.1", names: Names([Self.loopback])
      ) { if trusted { $0.trustRoots = .file(certificate.certificate) } }
    }
    #expect(try await send("hooks.example.com") == .answered(status: 204, retryAfterSeconds: nil))
    #expect(asked.withLock { $0 } == ["hooks.example.com"])
    #expect(receiver.requests.first?.headers["host"] == "hooks.example.com:\(receiver.port)")
    #expect(try await send("other.example.com") == .failed(.notTrusted))
    #expect(try await send("127.0.0.1") == .failed(.notTrusted))
    #expect(try await send("hooks.example.com", trusted: false) == .failed(.notTrusted))
    #expect(receiver.requests.count == 1)
    await receiver.stop()
  }
}
