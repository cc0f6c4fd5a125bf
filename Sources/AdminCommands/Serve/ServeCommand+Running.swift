import Exports
import Foundation
import Gateway
import LedgerStore
import Logging
import ServiceLifecycle
import TransparencyLog
import UnixSignals
import Upstream

extension ServeCommand {
  /// The services of a gateway that runs, and the order in which they end.
  struct Running: Sendable {
    /// What the ledger and the upstream's client need to close after the last edit.
    private static let closingGrace = Duration.seconds(15)

    let settings: ServeSettings
    let database: LedgerDatabase
    let store: LedgerStore
    let registry: PrometheusRegistry
    let files: RecoveryFiles
    let bootID: String
    let keys: ServingKeys
    /// The keys that sign heads; none: this gateway does not sign.
    let signingKeys: [NoteSigningKey]
    /// The keys that heads may be signed with.
    let headKeys: HeadKeys
    let logger: Logger

    /// Serves until a signal; `onListening` is told the port.
    ///
    /// Throws what keeps it from starting.
    func run(onListening: @escaping @Sendable (Int) -> Void) async throws {
      let provider = OneMinProvider(configuration: settings.upstream, logger: logger)
      do {
        try await run(provider, onListening)
      } catch {
        await provider.shutdown()
        throw error
      }
      await provider.shutdown()
    }

    private func run(_ provider: OneMinProvider, _ onListening: @escaping @Sendable (Int) -> Void) async throws {
      let clock = GatewayClock.system
      let lease = Lease(clock: clock)
      let budget = RequestBudget(perMinute: settings.upstreamRate, clock: clock)
      let recovery = RecoveryService(
        settings.recovery,
        RecoveryService.Parts(
          ledger: store, provider: provider, files: files, lease: lease, budget: budget, clock: clock,
          registry: registry, logger: logger))
      let announcer = KeyAnnouncer(keys.announcements, ledger: store, clock: clock, logger: logger)
      let server = try GatewayServer(
        settings.gateway,
        GatewayServer.Parts(
          ledger: store, provider: provider, registry: registry, logger: logger, clock: clock, files: files,
          budget: budget, receipts: Receipts(signedBy: keys.receiptKeys, announcer: announcer), exports: try exports(),
          permit: { lease.isRunning })
      ) { port in onListening(port) }
      let closing = ClosingService(
        ClosingService.Parts(ledger: store, clock: clock, registry: registry, logger: logger))
      let retention = RetentionService(RetentionService.Parts(ledger: store, registry: registry, logger: logger))
      try await recovery.begin(bootID: bootID)
      let webhooks = try WebhookSender(WebhookSender.Settings(allowance: settings.webhookAllowance))
      let alerts = AlertService(
        AlertService.Parts(
          ledger: store, send: { await webhooks.send($0, at: $1) }, clock: clock, registry: registry, logger: logger))
      // They end in the reverse order: the lease runs until the last edit is sent.
      // The last heads are signed when the last edit is settled. A receiver of alerts that hangs delays no edit.
      var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
        .init(service: recovery), .init(service: announcer), .init(service: alerts),
      ]
      if let signer = signer(clock) {
        let covering = CoveringService(
          CoveringService.Parts(
            ledger: store, instance: store.settings.instance, registry: registry, logger: logger))
        services += [.init(service: signer), .init(service: covering)]
      }
      services += [
        .init(service: server), .init(service: closing), .init(service: retention),
        .init(service: HaltWatch(ledger: store, registry: registry, logger: logger)),
        .init(service: SpanService(SpanService.Parts(ledger: store, clock: clock, logger: logger))),
        // Without a database nothing new is taken, but what runs is answered.
        .init(
          service: DatabaseWatch(database: database, logger: logger),
          failureTerminationBehavior: .gracefullyShutdownGroup),
      ]
      var group = ServiceGroupConfiguration(
        services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
      group.maximumGracefulShutdownDuration = settings.gateway.shutdownGrace + Self.closingGrace
      do {
        try await ServiceGroup(configuration: group).run()
      } catch {
        await webhooks.shutdown()
        throw error
      }
      await webhooks.shutdown()
    }

    /// What a gateway that died left of exports on their way out is taken away.
    private func exports() throws -> ExportParts {
      let folder = URL(filePath: database.folderPath).appending(path: "exports").path
      try? FileManager.default.removeItem(atPath: folder)
      // What is on its way to one team is nothing for other users of the machine.
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      let headKeys = headKeys
      return ExportParts(exports: LogExports(store: store, pace: .yielding) { headKeys.current }, folder: folder)
    }

    private func signer(_ clock: GatewayClock) -> SignerService? {
      guard !signingKeys.isEmpty else {
        logger.notice("There is no signing key here: this gateway does not sign the logs' heads.")
        return nil
      }
      return SignerService(
        SignerSettings(lease: settings.recovery.lease),
        SignerService.Parts(
          ledger: store, keys: signingKeys, instance: store.settings.instance,
          folder: SignerStateFile.folder(inDataFolder: database.folderPath), clock: clock, registry: registry,
          logger: logger))
    }
  }
}
