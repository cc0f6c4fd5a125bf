import ArgumentParser
import EmbeddedPostgres
import Failpoints
import Gateway
import Ledger
import LedgerStore
import Logging
import Metrics
import Upstream

/// `tally serve`.
struct ServeCommand: AsyncParsableCommand {
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
  @OptionGroup var webhooks: WebhookOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var keyFiles: KeyFileOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let flags = [upstream.flags, webhooks.flags, keyFiles.flags].reduce(options.flags) {
      $0.merging($1) { own, _ in own }
    }
    let reader = try database.reader(adding: flags)
    let settings = try ServeSettings(reader)
    let logger = try Logger.forService(reader)
    if Failpoints.armed != nil {
      logger.warning("\(Failpoints.variable) is set: this process dies or stops on purpose.")
    }
    try await LedgerDatabase.use(reader, purpose: .service, logger: logger) { database, logger in
      try await database.migrateIfEmbedded(logger: logger)
      if database.isEmbedded { try KeyFiles(reader).makeMissing(logName: reader.text(.logName) ?? "") }
      let keys = try ServingKeys(reader)
      if keys.receiptKeys.isEmpty {
        logger.warning("There is no receipt key, so receipts are not signed: `tally keys init` makes one.")
      }
      // Before the store, which makes its counters when it is opened.
      let registry = PrometheusRegistry()
      MetricsSystem.bootstrap(registry)
      let instance = InstanceID.random()
      let store = try await database.openStore(reader, instance: instance, lanes: settings.lanes, logger: logger)
      do {
        // On the disk before the lease is entered: whoever finds the lease may rely on the notes.
        let bootID = RecoveryFiles.systemBootID()
        let files = try RecoveryFiles(folder: database.folderPath, instance: instance, bootID: bootID)
        let signingKeys = try KeyFiles(reader).signingKeys(logName: reader.text(.logName) ?? "")
        let service = ServeCommand.Running(
          settings: settings, database: database, store: store, registry: registry, files: files, bootID: bootID,
          keys: keys, signingKeys: signingKeys, headKeys: HeadKeys(files: KeyFiles(reader)), logger: logger)
        try await service.run { port in
          let address = ListenAddress(host: settings.gateway.host, port: settings.gateway.port)
          let scheme = settings.gateway.isEncrypted ? "https" : "http"
          Console.current.announce(address.address(scheme: scheme, port: port), asJSON: output.asJSON)
        }
        await store.close(within: LedgerDatabase.closeLimit)
      } catch {
        await store.close(within: LedgerDatabase.closeLimit)
        throw error
      }
    }
  }
}
