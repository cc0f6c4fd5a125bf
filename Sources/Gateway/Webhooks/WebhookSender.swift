package import Ledger
package import LedgerStore
package import NIOCore
import NIOHTTP1
import NIOPosix
package import NIOSSL

/// Sends messages of alerts, each in one request on a connection of its own (docs/alerts.md, where messages may go).
///
/// The name is resolved once, every address that it leads to is checked, and the connection goes to one of these very
/// addresses: a name that leads elsewhere a moment later leads nobody anywhere. What the receiver sees is the name all the
/// same: in the Host header, in TLS, and in the certificate that is asked for. Redirects are not followed, no proxy is
/// asked, and of the answer only the status counts.
package struct WebhookSender: Sendable {
  /// What bounds an attempt.
  package struct Settings: Sendable {
    /// Hosts and blocks that may be reached although they are not public.
    package var allowance: WebhookAllowance
    /// The longest that an attempt may take, names and TLS included (Standard Webhooks, request timeouts).
    package var deadline = Duration.seconds(15)
    /// The longest that one address is tried to be connected to.
    package var connectTimeout = Duration.seconds(5)
    /// How many addresses of one name are tried.
    package var addressesMaximum = 4
    /// How many bytes of an answer are read and thrown away before the connection is closed.
    package var answerBytesMaximum = 65_536
    /// Whose certificates are believed.
    package var trustRoots = NIOSSLTrustRoots.default

    /// Settings with the product's own bounds.
    package init(allowance: WebhookAllowance) {
      self.allowance = allowance
    }
  }

  /// How many names are looked up at once: as many as attempts are under way, since a name server that does not answer blocks a
  /// thread for longer than an attempt lasts, and must not keep other teams' names waiting.
  private static let lookupThreads = 32

  let settings: Settings
  private let lookup: NameLookup
  private let loops: any EventLoopGroup
  private let tls: NIOSSLContext
  /// Those of its own lookup; nil: it was given one.
  private let threads: NIOThreadPool?

  /// A sender. Call ``shutdown()`` before it is dropped.
  /// - Parameter lookup: finds the addresses of names; nil: the system does.
  /// - Throws: what keeps TLS from being set up.
  package init(
    _ settings: Settings, lookup: NameLookup? = nil, loops: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  ) throws {
    self.settings = settings
    self.loops = loops
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = settings.trustRoots
    tls = try NIOSSLContext(configuration: configuration)
    if let lookup {
      self.lookup = lookup
      threads = nil
    } else {
      let threads = NIOThreadPool(numberOfThreads: Self.lookupThreads)
      threads.start()
      self.lookup = .system(on: threads)
      self.threads = threads
    }
  }

  /// Ends its threads.
  package func shutdown() async {
    try? await threads?.shutdownGracefully()
  }

  /// Tries to send a message.
  /// - Parameter moment: the time of the attempt, which is signed.
  package func send(_ message: AlertMessage, at moment: Timestamp) async -> WebhookOutcome {
    let address: WebhookAddress
    do {
      address = try WebhookAddress(message.alert.url, allowing: settings.allowance)
    } catch {
      return .refused(error)
    }
    let body = WebhookBody.json(of: message)
    let (id, seconds) = (message.id.description, moment.microseconds / Timestamp.microsecondsPerSecond)
    var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: address.target)
    head.headers = [
      "Host": address.hostHeader, "Content-Type": "application/json", "Content-Length": "\(body.count)",
      "User-Agent": "tally", "Accept": "*/*", "Connection": "close", "webhook-id": id,
      "webhook-timestamp": "\(seconds)",
      "webhook-signature": WebhookSignature.sign(id: id, timestamp: seconds, body: body, with: message.alert.secret),
    ]
    return await send(head, ByteBuffer(bytes: body), to: address)
  }

  private func send(_ head: HTTPRequestHead, _ body: ByteBuffer, to address: WebhookAddress) async -> WebhookOutcome {
    let loop = loops.next()
    let cancellation = loop.makePromise(of: Void.self)
    let outcome = loop.flatSubmit {
      WebhookAttempt(
        head, body, address, settings, tls: address.isEncrypted ? tls : nil, loop,
        cancellation: cancellation.futureResult
      ).run(lookup)
    }
    outcome.whenComplete { _ in cancellation.succeed() }
    return await withTaskCancellationHandler {
      (try? await outcome.get()) ?? .failed(.stopping)
    } onCancel: {
      cancellation.succeed()
    }
  }
}
