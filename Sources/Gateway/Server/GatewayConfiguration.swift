/// What a gateway needs to know at its start (docs/command-line.md, settings).
package struct GatewayConfiguration: Sendable, Equatable {
  /// Address to listen on: a name or a literal.
  package var host: String
  /// Port to listen on; 0: any that is free.
  package var port: Int
  /// Where clients reach it, without a slash at the end; nil: where it listens.
  package var publicURL: String?
  /// PEM file of the certificate chain; nil together with `tlsKeyPath`: plain HTTP.
  package var tlsCertificatePath: String?
  /// PEM file of the certificate's key.
  package var tlsKeyPath: String?
  /// Whether plain HTTP may be served beyond loopback.
  package var isInsecureAllowed: Bool = false
  /// Requests a minute of a key without a rate of its own; 0: no rate limit.
  package var ratePerMinute: Int = 600
  /// Where edits are sent to: addresses there are storage, too.
  package var upstreamURL: String
  /// Connections at once. More wait to be accepted; each costs a file descriptor and some kilobytes.
  package var maximumConnections: Int = 10_000
  /// Edits under way at once: each holds a connection, its request and its answer, some 20 kB.
  package var maximumRunningEdits: Int = 10_000
  /// Uploads at once: each holds its whole picture, up to 50 MB.
  package var maximumRunningUploads: Int = 8
  /// How long a connection may be silent before or between requests, or in the middle of one. An edit that is being
  /// worked on is not silence.
  package var idleTimeout: Duration = .seconds(60)
  /// How edits are submitted to the provider.
  package var submission: EditFlow.Submission
  /// How long a stopping gateway waits for edits under way: a little more than the provider's own time-out.
  package var shutdownGrace: Duration

  /// A configuration with the defaults of docs/command-line.md.
  ///
  /// - Parameters:
  ///   - host: address to listen on.
  ///   - port: port to listen on; 0: any that is free.
  ///   - upstreamURL: where edits are sent to.
  ///   - upstreamTimeout: how long the provider may take for an edit.
  package init(
    host: String = "127.0.0.1", port: Int = 8_080, upstreamURL: String = "https://api.1min.ai",
    upstreamTimeout: Duration = .seconds(300)
  ) {
    self.host = host
    self.port = port
    self.upstreamURL = upstreamURL
    submission = EditFlow.Submission(resultTimeout: upstreamTimeout)
    shutdownGrace = upstreamTimeout + GatewayConfiguration.bookingGrace
  }

  /// What it takes to book an edit after the provider's answer, with a database that is slow to come back.
  package static let bookingGrace = Duration.seconds(15)
}

extension GatewayConfiguration {
  /// Whether it serves TLS.
  package var isEncrypted: Bool {
    tlsCertificatePath != nil
  }

  /// Whether `host` can only be reached from this machine.
  package var isLoopback: Bool {
    if host.lowercased().hasSameBytes(as: "localhost") { return true }
    if let address = IPv4Literal(host) { return address.bits >> 24 == 127 }
    return IPv6Literal(host)?.bits == 1
  }

  /// Throws what keeps a gateway from starting with it.
  package func validate() throws(GatewayConfigurationError) {
    guard !host.isEmpty, (0...65_535).contains(port) else { throw .unusableAddress }
    guard (tlsCertificatePath == nil) == (tlsKeyPath == nil) else { throw .halfTLS }
    guard isEncrypted || isLoopback || isInsecureAllowed else { throw .plainBeyondLoopback }
    guard ratePerMinute >= 0, maximumConnections > 0, maximumRunningEdits > 0, maximumRunningUploads > 0 else {
      throw .limitOutOfRange
    }
  }
}

/// What keeps a gateway from starting.
package enum GatewayConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No address, or no port.
  case unusableAddress
  /// A certificate without a key, or the other way round.
  case halfTLS
  /// Keys and prompts would go over the network in the clear.
  case plainBeyondLoopback
  /// A limit below what can work.
  case limitOutOfRange
  /// The certificate or its key cannot be read.
  case unusableCertificate

  /// What is wrong, in words for whoever starts the gateway; flags are named as on the command line.
  package var description: String {
    switch self {
    case .unusableAddress: "the address to listen on must be HOST:PORT with a port from 0 to 65535"
    case .halfTLS: "TLS needs both a certificate and a key (--tls-cert and --tls-key)"
    case .plainBeyondLoopback:
      "plain HTTP is served on loopback only: give --tls-cert and --tls-key, or --insecure behind a proxy that encrypts"
    case .limitOutOfRange: "a limit is below what a gateway can work with"
    case .unusableCertificate: "the TLS certificate or its key cannot be read"
    }
  }
}
