/// A setting of `tally`: flag, else environment, else `--config` file, else default (docs/command-line.md, settings).
package struct Setting: Hashable, Sendable {
  /// Its name in a `--config` file; `--NAME` is the flag and `TALLY_NAME` the environment variable.
  package let name: String
  /// What counts when it is set nowhere.
  package let fallback: String?
  /// Whether its value must never be shown.
  package let isSecret: Bool

  private init(_ name: String, fallback: String? = nil, isSecret: Bool = false) {
    self.name = name
    self.fallback = fallback
    self.isSecret = isSecret
  }

  /// The environment variable.
  package var variable: String {
    "TALLY_" + name.uppercased().split(separator: "-").joined(separator: "_")
  }

  /// Where the gateway listens.
  package static let listen = Setting("listen", fallback: "127.0.0.1:8080")
  /// Address of the database; unset: an embedded PostgreSQL in the data folder.
  package static let databaseURL = Setting("database-url", isSecret: true)
  /// The data folder.
  package static let dataFolder = Setting("data-dir", fallback: ".tally")
  /// Address of the upstream.
  package static let upstreamURL = Setting("upstream-url", fallback: "https://api.1min.ai")
  /// File that holds the upstream's key.
  package static let upstreamKeyFile = Setting("upstream-key-file")
  /// The upstream's key itself: from the environment or the file, never a flag.
  package static let upstreamKey = Setting("upstream-key", isSecret: true)
  /// How long an answer of the upstream may take.
  package static let upstreamTimeout = Setting("upstream-timeout", fallback: "300")
  /// How edits are submitted upstream.
  package static let upstreamMode = Setting("upstream-mode", fallback: "sync")
  /// Requests a minute that the upstream's account takes: its known limit.
  package static let upstreamRate = Setting("upstream-rate", fallback: "180")
  /// File of the key that signs the logs' heads.
  package static let signingKeyFile = Setting("signing-key-file")
  /// File of the key that signed the logs' heads before, and signs them too while auditors change over.
  package static let previousSigningKeyFile = Setting("previous-signing-key-file")
  /// File of the key that signs receipts.
  package static let receiptKeyFile = Setting("receipt-key-file")
  /// File of the receipt key that the present one replaced: both sign for a while.
  package static let previousReceiptKeyFile = Setting("previous-receipt-key-file")
  /// Name of the logs and of the key that signs them.
  package static let logName = Setting("log-name", fallback: "tally.local")
  /// How long a gateway counts as at work without a sign of life.
  package static let lease = Setting("lease", fallback: "15s")
  /// How much longer than the upstream's time-out a hold waits before it is in doubt.
  package static let inDoubtMargin = Setting("in-doubt-margin", fallback: "60s")
  /// The gateway's address as clients see it.
  package static let publicURL = Setting("public-url")
  /// Certificate chain for HTTPS.
  package static let tlsCertificate = Setting("tls-cert")
  /// Private key for HTTPS.
  package static let tlsKey = Setting("tls-key")
  /// Allows plain HTTP on other addresses than loopback.
  package static let insecure = Setting("insecure", fallback: "false")
  /// Requests a minute of a key that has no rate of its own.
  package static let rate = Setting("rate", fallback: "600")
  /// Number of lanes; unset: as many as the machine has cores.
  package static let lanes = Setting("lanes")
  /// How long running edits may take to settle when the gateway is asked to end; unset: what the upstream may take, and
  /// a little more.
  package static let shutdownGrace = Setting("shutdown-grace")
  /// Hosts and blocks of addresses that webhooks may be sent to although they are not public.
  package static let webhookAllow = Setting("webhook-allow")
  /// Least level of log lines.
  package static let logLevel = Setting("log-level")

  /// Every setting, in the order in which they are documented.
  package static let all = [
    listen, databaseURL, dataFolder, upstreamURL, upstreamKeyFile, upstreamKey, upstreamTimeout, upstreamMode,
    upstreamRate, signingKeyFile, previousSigningKeyFile, receiptKeyFile, previousReceiptKeyFile, logName, lease,
    inDoubtMargin, publicURL, tlsCertificate, tlsKey, insecure, rate, lanes, shutdownGrace, webhookAllow, logLevel,
  ]
}
