/// What a charge rests on.
package enum SettleCause: String, Hashable, Sendable, CaseIterable {
  /// The upstream's answer.
  case delivered
  /// The team's policy for edits in doubt.
  case assumed
  /// An administrator's decision.
  case administrator
}

/// Why an edit's credits were given back (docs/ledger.md, what happened and what is known).
package enum ReleaseCause: String, Hashable, Sendable, CaseIterable {
  /// The upstream refused the request itself.
  case upstreamRefused = "upstream_refused"
  /// Not one byte of the request reached the upstream.
  case notSent = "not_sent"
  /// The upstream refused the operator's account: key, rights or credit.
  case upstreamAccount = "upstream_account"
  /// The upstream's rate limit.
  case rateLimited = "rate_limited"
  /// The gateway gave the edit up before anything was sent, and nobody was told an outcome: its lease had ended, its
  /// caller was gone, or it died before sending.
  case withdrawn
  /// An administrator's decision.
  case administrator
}

/// Why nobody can tell what became of an edit (docs/ledger.md, in doubt).
package enum InDoubtCause: String, Hashable, Sendable, CaseIterable {
  /// The upstream's answer told nothing: reset, garbage, a server error after the first byte.
  case upstreamUnknown = "upstream_unknown"
  /// The upstream did not answer in time, or the hold is older than it could have taken.
  case timedOut = "timed_out"
  /// The gateway at work on it lost its lease.
  case leaseEnded = "lease_ended"
}
