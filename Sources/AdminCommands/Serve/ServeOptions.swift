import ArgumentParser

/// The settings that only `tally serve` has.
struct ServeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Where to listen (TALLY_LISTEN; default 127.0.0.1:8080).", valueName: "host:port"))
  var listen: String?

  @Option(
    name: .customLong("public-url"),
    help: ArgumentHelp(
      "The gateway's address as clients see it (TALLY_PUBLIC_URL; default from --listen).", valueName: "url"))
  var publicURL: String?

  @Option(
    name: .customLong("tls-cert"),
    help: ArgumentHelp("Certificate chain for HTTPS, PEM (TALLY_TLS_CERT).", valueName: "file"))
  var tlsCertificate: String?

  @Option(
    name: .customLong("tls-key"), help: ArgumentHelp("Private key for HTTPS, PEM (TALLY_TLS_KEY).", valueName: "file"))
  var tlsKey: String?

  @Flag(help: "Serve plain HTTP on other addresses than loopback (TALLY_INSECURE=true).")
  var insecure = false

  @Option(
    name: .customLong("upstream-timeout"),
    help: ArgumentHelp(
      "How long an answer of the upstream may take (TALLY_UPSTREAM_TIMEOUT; default 300 s).", valueName: "time"))
  var upstreamTimeout: String?

  @Option(
    name: .customLong("upstream-mode"),
    help: ArgumentHelp(
      "How edits are submitted upstream: in one call, or with an id to ask for (TALLY_UPSTREAM_MODE; default sync).",
      valueName: "sync|async"))
  var upstreamMode: String?

  @Option(
    name: .customLong("upstream-rate"),
    help: ArgumentHelp(
      "Requests a minute that the upstream's account takes; 0: no limit (TALLY_UPSTREAM_RATE; default 180).",
      valueName: "n"))
  var upstreamRate: String?

  @Option(
    help: ArgumentHelp(
      "Requests a minute of a key that has no rate of its own (TALLY_RATE; default 600).", valueName: "n"))
  var rate: String?

  @Option(
    help: ArgumentHelp("Lanes that write to the database (TALLY_LANES; default as many as cores).", valueName: "n"))
  var lanes: String?

  @Option(
    help: ArgumentHelp(
      "How long a gateway counts as at work without a sign of life (TALLY_LEASE; default 15s).", valueName: "time"))
  var lease: String?

  @Option(
    name: .customLong("in-doubt-margin"),
    help: ArgumentHelp(
      "Time beyond the upstream's time-out after which a hold is in doubt (TALLY_IN_DOUBT_MARGIN; default 60s).",
      valueName: "time"))
  var inDoubtMargin: String?

  @Option(
    name: .customLong("previous-receipt-key-file"),
    help: ArgumentHelp(
      "Receipt key that the present one replaced, so that both sign (TALLY_PREVIOUS_RECEIPT_KEY_FILE).",
      valueName: "file"))
  var previousReceiptKeyFile: String?

  @Option(
    name: .customLong("shutdown-grace"),
    help: ArgumentHelp(
      "How long running edits may take to settle at the end (TALLY_SHUTDOWN_GRACE; default 15 s over the upstream's).",
      valueName: "time"))
  var shutdownGrace: String?

  /// What was given as a flag.
  var flags: [Setting: String] {
    var flags: [Setting: String] = [:]
    flags[.listen] = listen
    flags[.publicURL] = publicURL
    flags[.tlsCertificate] = tlsCertificate
    flags[.tlsKey] = tlsKey
    flags[.insecure] = insecure ? "true" : nil
    flags[.upstreamTimeout] = upstreamTimeout
    flags[.upstreamMode] = upstreamMode
    flags[.upstreamRate] = upstreamRate
    flags[.rate] = rate
    flags[.lanes] = lanes
    flags[.lease] = lease
    flags[.inDoubtMargin] = inDoubtMargin
    flags[.previousReceiptKeyFile] = previousReceiptKeyFile
    flags[.shutdownGrace] = shutdownGrace
    return flags
  }
}
