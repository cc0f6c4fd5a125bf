import ArgumentParser
import EmbeddedPostgres
import Gateway
import LedgerStore
import Logging
import Metrics
import ServiceLifecycle
import UnixSignals
import Upstream

/// `tally serve`.
struct ServeCommand: AsyncParsableCommand {
  /// What the ledger and the upstream's client need to close after the last edit.
  private static let closingGrace = Duration.seconds(15)

  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Run the gateway.",
    discussion: """
      A setting is looked for in its flag, then in the environment, then in the
      --config file. The environment variable is named with each flag; secrets have
      only the variable or a file. Without a database URL, an embedded PostgreSQL is
      started in the data folder and stopped at the end.

      SIGTERM and SIGINT end it in good order: it stops accepting, running edits
      settle, the database stops last.

      Examples:
        TALLY_UPSTREAM_KEY=... tally serve
        tally serve --upstream-key-file /run/secrets/upstream --data-dir /var/lib/tally
        TALLY_DATABASE_URL=postgres://tally:secret@db/tally tally serve --listen 0.0.0.0:8443 \\
          --tls-cert chain.pem --tls-key key.pem --upstream-key-file key
      """)

  @OptionGroup var options: ServeOptions
  @OptionGroup var upstream: UpstreamOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var keyFiles: KeyFileOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let flags = [upstream.flags, keyFiles.flags].reduce(options.flags) { $0.merging($1) { own, _ in own } }
    let reader = try database.reader(adding: flags)
    let settings = try ServeSettings(reader)
    let logger = try Logger.forService(reader)
    try await LedgerDatabase.use(reader, purpose: .service, logger: logger) { database, logger in
      try await database.migrateIfEmbedded(logger: logger)
      if database.isEmbedded { try KeyFiles(reader).makeMissing(logName: reader.text(.logName) ?? "") }
      // Before the store, which makes its counters when it is opened.
      let registry = PrometheusRegistry()
      MetricsSystem.bootstrap(registry)
      let store = try await database.openStore(reader, instance: .random(), lanes: settings.lanes, logger: logger)
      do {
        try await serve(settings, database: database, store: store, registry: registry, logger: logger)
        await store.close(within: LedgerDatabase.closeLimit)
      } catch {
        await store.close(within: LedgerDatabase.closeLimit)
        throw error
      }
    }
  }

  private func serve(
    _ settings: ServeSettings, database: LedgerDatabase, store: LedgerStore, registry: PrometheusRegistry,
    logger: Logger
  ) async throws {
    let provider = OneMinProvider(configuration: settings.upstream, logger: logger)
    let console = Console.current
    let asJSON = output.asJSON
    let gateway = settings.gateway
    do {
      let server = try GatewayServer(
        gateway, GatewayServer.Parts(ledger: store, provider: provider, registry: registry, logger: logger)
      ) { port in
        let address = ListenAddress(host: gateway.host, port: gateway.port)
        console.announce(address.address(scheme: gateway.isEncrypted ? "https" : "http", port: port), asJSON: asJSON)
      }
      var group = ServiceGroupConfiguration(
        services: [
          .init(service: server),
          // Without a database nothing new is taken, but what runs is answered.
          .init(
            service: DatabaseWatch(database: database, logger: logger),
            failureTerminationBehavior: .gracefullyShutdownGroup),
        ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
      group.maximumGracefulShutdownDuration = gateway.shutdownGrace + ServeCommand.closingGrace
      try await ServiceGroup(configuration: group).run()
    } catch {
      await provider.shutdown()
      throw error
    }
    await provider.shutdown()
  }
}

/// Starts the embedded PostgreSQL again when it ends under the gateway; ends the gateway when that cannot be done.
private struct DatabaseWatch: Service {
  /// How often a server that has ended is tried. Each try waits for the server's own recovery.
  private static let attempts = 10
  /// Backends of a killed server keep its memory for a moment, and a new one cannot start until they have noticed.
  private static let pause = Duration.milliseconds(500)

  let database: LedgerDatabase
  let logger: Logger

  func run() async throws {
    while await hasEnded() {
      logger.error("The embedded PostgreSQL has ended. It is started again.")
      try await restart()
      logger.notice("The embedded PostgreSQL is back.")
    }
  }

  /// Waits for the end of the server; false when the gateway ends first.
  private func hasEnded() async -> Bool {
    let ended = AsyncStream<Void>.makeStream()
    // A task of its own, since the wait for a process cannot be cancelled; the process is stopped after the gateway.
    let watch = Task { [database] in
      await database.waitForServerExit()
      ended.continuation.yield()
    }
    defer { watch.cancel() }
    return await cancelWhenGracefulShutdown {
      for await _ in ended.stream { return true }
      return false
    }
  }

  private func restart() async throws {
    for attempt in 1...Self.attempts {
      do {
        return try await database.restartServer()
      } catch {
        logger.warning("The embedded PostgreSQL does not start.", metadata: ["attempt": "\(attempt)"])
        try? await Task.sleep(for: Self.pause)
      }
    }
    throw CommandFailure(
      .databaseUnreachable, "the embedded PostgreSQL has ended and does not start again; its log tells why")
  }
}
