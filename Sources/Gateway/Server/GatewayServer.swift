import EventLoops
package import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Ledger
package import Logging
import Metrics
import NIOCore
import NIOSSL
import ServiceLifecycle
package import Upstream

/// The gateway as a service: it listens, answers, and on shutdown lets running edits settle before it ends.
package final class GatewayServer: Service {
  /// What a gateway is made of.
  package struct Parts: Sendable {
    /// The ledger's store.
    package var ledger: any LedgerAccess
    /// Who does the work.
    package var provider: any Provider
    /// Where the metrics go.
    package var registry: PrometheusRegistry
    /// Where its one line per request goes.
    package var logger: Logger
    /// The time.
    package var clock: GatewayClock
    /// Ids.
    package var ids: GatewayIDs
    /// Where dispatch notes and the settlement journal are written; nil only where nothing is to survive this process.
    package var files: RecoveryFiles?
    /// How many requests the provider's account takes; edits and recovery share it.
    package var budget: RequestBudget
    /// What signs the receipts of edits.
    package var receipts: Receipts
    /// What exports need; nil: this gateway exports nothing.
    package var exports: ExportParts?
    /// Asked right before the first byte of an edit goes to the provider; false: nothing is sent (docs/ledger.md, G2).
    package var permit: @Sendable () -> Bool

    /// Parts, with the machine's clocks and random numbers.
    package init(
      ledger: any LedgerAccess, provider: any Provider, registry: PrometheusRegistry, logger: Logger,
      clock: GatewayClock = .system, ids: GatewayIDs = .system, files: RecoveryFiles? = nil,
      budget: RequestBudget? = nil, receipts: Receipts = Receipts(),
      exports: ExportParts? = nil,
      permit: @escaping @Sendable () -> Bool = { true }
    ) {
      self.ledger = ledger
      self.provider = provider
      self.registry = registry
      self.logger = logger
      self.clock = clock
      self.ids = ids
      self.files = files
      self.budget = budget ?? RequestBudget(perMinute: 0, clock: clock)
      self.receipts = receipts
      self.exports = exports
      self.permit = permit
    }
  }

  let configuration: GatewayConfiguration
  let parts: Parts
  let edits: EditRoutes
  let uploads: AssetRoutes
  let models: ModelRoutes
  let records: RecordRoutes
  let members: MemberRoutes
  let administration: AdministrationRoutes
  let heads: HeadRoutes
  let exports: ExportRoutes
  let reports: ReportRoutes
  let auditLogs: AuditLogRoutes
  let health: HealthRoutes
  let document: OpenAPIDocument
  private let runningEdits: RunningEdits
  private let runningUploads: RunningEdits
  private let onListening: @Sendable (Int) async -> Void

  /// A gateway that is not listening yet.
  ///
  /// - Parameters:
  ///   - configuration: where it listens, and its limits.
  ///   - parts: what it is made of.
  ///   - onListening: called with the port, once it listens.
  /// - Throws: what keeps it from starting.
  package init(
    _ configuration: GatewayConfiguration, _ parts: Parts,
    onListening: @escaping @Sendable (Int) async -> Void = { _ in }
  ) throws(GatewayConfigurationError) {
    try configuration.validate()
    self.configuration = configuration
    self.parts = parts
    self.onListening = onListening
    let (ledger, clock, ids) = (parts.ledger, parts.clock, parts.ids)
    let admission = Admission(
      authenticator: Authenticator(ledger: ledger, clock: clock),
      limiter: RateLimiter(perMinute: configuration.ratePerMinute, clock: clock))
    let assets = OwnedAssets(ledger: ledger, clock: clock)
    let flow = EditFlow(
      ledger: ledger, provider: parts.provider, meters: EditMeters(factory: parts.registry), clock: clock,
      budget: parts.budget, submission: configuration.submission, files: parts.files, receipts: parts.receipts,
      permit: parts.permit)
    runningEdits = RunningEdits(
      maximum: configuration.maximumRunningEdits,
      meter: Meter(label: "tally_edits_running", dimensions: [], factory: parts.registry))
    runningUploads = RunningEdits(
      maximum: configuration.maximumRunningUploads,
      meter: Meter(label: "tally_uploads_running", dimensions: [], factory: parts.registry))
    edits = EditRoutes(
      admission: admission, ledger: ledger, assets: assets, flow: flow, running: runningEdits,
      storage: StorageHosts(upstreamURL: configuration.upstreamURL), clock: clock, ids: ids)
    uploads = AssetRoutes(
      admission: admission, ledger: ledger, provider: parts.provider, running: runningUploads, clock: clock, ids: ids)
    models = ModelRoutes(ledger: ledger, clock: clock)
    records = RecordRoutes(admission: admission, ledger: ledger, clock: clock, receipts: parts.receipts)
    members = MemberRoutes(
      admission: admission, ledger: ledger, assets: assets, edits: edits, clock: clock, ids: ids)
    administration = AdministrationRoutes(admission: admission, ledger: ledger, clock: clock, ids: ids)
    heads = HeadRoutes(admission: admission, ledger: ledger)
    exports = ExportRoutes(admission: admission, heads: ledger, parts: parts.exports, clock: clock, ids: ids)
    reports = ReportRoutes(admission: admission, ledger: ledger, clock: clock)
    auditLogs = AuditLogRoutes(admission: admission, ledger: ledger, clock: clock)
    health = HealthRoutes(readiness: Readiness(ledger: ledger, clock: clock), registry: parts.registry)
    document = OpenAPIDocument(publicURL: configuration.publicURL)
  }

  /// Serves until a graceful shutdown or a cancellation. Then nobody is let in any more, connections end with their
  /// answers, and edits under way are waited for as long as `shutdownGrace`. Throws what keeps it from listening.
  package func run() async throws {
    let application = try makeApplication()
    var group = ServiceGroupConfiguration(services: [application], logger: parts.logger)
    group.maximumGracefulShutdownDuration = configuration.shutdownGrace
    let services = ServiceGroup(configuration: group)
    try await withGracefulShutdownHandler {
      try await services.run()
    } onGracefulShutdown: { [runningEdits, runningUploads] in
      runningEdits.close()
      runningUploads.close()
    }
    runningEdits.close()
    let left = await runningEdits.drain(within: configuration.shutdownGrace)
    if left > 0 {
      parts.logger.error("Stopped with edits under way; they are in doubt.", metadata: ["edits": "\(left)"])
    }
  }

  /// The application that listens.
  package func makeApplication() throws -> some ApplicationProtocol {
    let http = HTTP1Channel.Configuration(
      idleTimeout: .nanoseconds(configuration.idleTimeout.wholeNanoseconds),
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: HTTPLimits.headerFieldBytes, maxHeaderListSize: HTTPLimits.headerListBytes,
        maxHeaderFieldCount: HTTPLimits.headerCount))
    let plain = HTTPServerBuilder.http1OnLoops(configuration: http)
    let server = try tlsConfiguration().map { try HTTPServerBuilder.tls(plain, tlsConfiguration: $0) } ?? plain
    return Application(
      router: makeRouter(), server: server,
      configuration: ApplicationConfiguration(
        address: .hostname(configuration.host, port: configuration.port),
        availableConnectionsDelegate: .maximum(configuration.maximumConnections, logger: parts.logger)),
      onServerRunning: { [onListening] channel in await onListening(channel.localAddress?.port ?? 0) },
      logger: parts.logger)
  }

  private func tlsConfiguration() throws(GatewayConfigurationError) -> TLSConfiguration? {
    guard let certificatePath = configuration.tlsCertificatePath, let keyPath = configuration.tlsKeyPath else {
      return nil
    }
    do {
      let chain = try NIOSSLCertificate.fromPEMFile(certificatePath)
      let key = try NIOSSLPrivateKey(file: keyPath, format: .pem)
      var tls = TLSConfiguration.makeServerConfiguration(
        certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
      tls.minimumTLSVersion = .tlsv12
      tls.applicationProtocols = ["http/1.1"]
      return tls
    } catch {
      throw .unusableCertificate
    }
  }
}
