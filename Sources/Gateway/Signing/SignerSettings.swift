/// Times and limits of the signer (docs/audit.md, the signer).
package struct SignerSettings: Sendable, Hashable {
  /// How long a signer counts as at work without a sign of life (`--lease`).
  package var lease: Duration
  /// A head is signed again when it is so old, also of a log that did not grow: with a sweep's time on top, ten minutes
  /// are kept.
  package var refreshAfter: Duration = .seconds(480)
  /// A log that grew is signed when its head is so old, unless somebody asks for it.
  package var growthAfter: Duration = .seconds(60)
  /// How often all logs are looked over.
  package var sweepInterval: Duration = .seconds(60)
  /// How often requests for heads are looked for.
  package var requestInterval: Duration = .milliseconds(200)
  /// How long a failure of the database or the disk is waited out.
  package var pause: Duration = .seconds(1)
  /// How often a signer that may not sign looks whether it may.
  package var retryInterval: Duration = .seconds(5)
  /// Logs that are looked at and signed together: bounds the rows of a transaction.
  package var batchSize = 256
  /// How long the last heads may take at the end.
  package var lastHeadsWithin: Duration = .seconds(10)

  /// Settings with the defaults.
  package init(lease: Duration) {
    self.lease = lease
  }

  /// How often the lease is renewed: two signs of life may get lost.
  package var renewInterval: Duration { lease / 3 }
  /// How often the machine must be told that time passes.
  package var tickInterval: Duration { min(requestInterval, max(lease / 20, .milliseconds(50))) }
}
