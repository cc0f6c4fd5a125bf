/// Times and limits of recovery (docs/ledger.md, "Who is at work" and "In doubt").
package struct RecoverySettings: Sendable, Hashable {
  /// How long this gateway counts as at work without a sign of life (`--lease`).
  package var lease: Duration
  /// How long a hold may be open before it is in doubt: what the upstream may take, and a margin.
  package var heldAtMost: Duration
  /// How long a doubt is asked for under a known id, also after it was resolved without evidence.
  package var askFor: Duration = .seconds(7 * 86_400)
  /// How far behind the database's clock a look at held edits ends. No transaction lives a third of it.
  package var lag: Duration = .seconds(10)
  /// How often everything that is held is looked for, whatever its age: what a jump of the database's clock has hidden
  /// from the regular look is found then.
  package var findAllInterval: Duration = .seconds(3_600)
  /// How often old idempotency keys and runs are removed.
  package var pruneInterval: Duration = .seconds(600)
  /// Most edits that one look returns: bounds its memory and its transaction.
  package var lookLimit = 5_000
  /// Most doubts that are taken up at once: each may be a question to the upstream.
  package var doubtLimit = 50

  /// Settings with the defaults.
  package init(lease: Duration, heldAtMost: Duration) {
    self.lease = lease
    self.heldAtMost = heldAtMost
  }

  /// How often the lease is renewed: three signs of life may get lost.
  package var renewInterval: Duration { lease / 4 }
  /// How soon a renewal that failed is tried again.
  package var renewRetry: Duration { min(lease / 10, .seconds(1)) }
  /// How often held edits are looked at.
  package var sweepInterval: Duration { min(max(lease / 3, .milliseconds(200)), .seconds(5)) }
  /// How often due doubts are looked for.
  package var dueInterval: Duration { min(sweepInterval, .seconds(2)) }
  /// How often the machine must be told that time passes.
  package var tickInterval: Duration { min(max(lease / 20, .milliseconds(50)), .milliseconds(500)) }
}
