package import Ledger
import Postgres

/// One signer at a time. Whoever takes the lease counts the term up; renewing it and storing heads name the term, so what
/// an earlier holder still does comes to nothing.
extension LedgerStore {
  /// Who signs; nil before the first signature.
  /// - Throws: `unavailable`.
  package func signerLease() async throws(StoreError) -> SignerLease? {
    try await operatorRows(.signerLease).first
  }

  /// Whether a head of any log was ever signed.
  /// - Throws: `unavailable`.
  package func hasSignedHeads() async throws(StoreError) -> Bool {
    try await operatorRows(.anyHead).first ?? false
  }

  /// Takes the lease for this run and the state file `state`, for `lease` from now on the database's clock.
  /// - Parameter term: the term as it was read; nil: there was no row.
  /// - Returns: the new term; nil where somebody else was first, the lease runs, or it names another state file.
  /// - Throws: `unavailable`.
  package func takeSignerLease(
    state: SignerStateID, after term: Int64?, for lease: Duration
  ) async throws(StoreError) -> Int64? {
    let now = try await databaseClock()
    let end = now.adding(lease).timestamptz
    guard let term else {
      return try await operatorRows(.beginSignerLease, state.uuid, settings.instance.uuid, end).first
    }
    return try await operatorRows(
      .takeSignerLease, state.uuid, settings.instance.uuid, end, term, now.timestamptz
    ).first
  }

  /// Renews the lease of this run.
  /// - Returns: false where it is not this run's any more.
  /// - Throws: `unavailable`.
  package func renewSignerLease(term: Int64, for lease: Duration) async throws(StoreError) -> Bool {
    let end = try await databaseClock().adding(lease).timestamptz
    return try await !operatorRows(.renewSignerLease, settings.instance.uuid, term, end).isEmpty
  }

  /// Ends the lease of this run, so that nobody waits for it.
  /// - Throws: `unavailable`.
  package func endSignerLease(term: Int64) async throws(StoreError) {
    let now = try await databaseClock().timestamptz
    _ = try await operatorRows(.endSignerLease, settings.instance.uuid, term, now)
  }
}

extension Statement where Row == SignerLease {
  static let signerLease = Statement(
    "signer lease",
    "SELECT state_id, holder, term, lease_until, clock_timestamp() FROM tally.signer_lease WHERE lease_id = 1"
  ) { (row) throws(PostgresError) in try SignerLease(&row) }
}

extension Statement where Row == Bool {
  /// Whether there is a head.
  static let anyHead = Statement("any head", "SELECT EXISTS (SELECT FROM tally.checkpoint)") {
    (row) throws(PostgresError) in try row.next()
  }
}

extension Statement where Row == Int64 {
  /// The first lease: state, holder, its end. Brings the term.
  static let beginSignerLease = Statement(
    "begin signer lease",
    """
    INSERT INTO tally.signer_lease (lease_id, state_id, holder, term, lease_until)
    VALUES (1, $1, $2, 1, $3)
        ON CONFLICT DO NOTHING
    RETURNING term
    """
  ) { (row) throws(PostgresError) in try row.next() }

  /// A lease that has ended, or is the holder's own: state, holder, its new end, the term that was read, now. Brings the
  /// new term.
  static let takeSignerLease = Statement(
    "take signer lease",
    """
    UPDATE tally.signer_lease
       SET holder = $2, term = term + 1, lease_until = $3
     WHERE lease_id = 1 AND state_id = $1 AND term = $4 AND (lease_until <= $5 OR holder = $2)
    RETURNING term
    """
  ) { (row) throws(PostgresError) in try row.next() }

  /// Holder, term, the new end.
  static let renewSignerLease = Statement(
    "renew signer lease",
    """
    UPDATE tally.signer_lease
       SET lease_until = greatest(lease_until, $3)
     WHERE lease_id = 1 AND holder = $1 AND term = $2
    RETURNING term
    """
  ) { (row) throws(PostgresError) in try row.next() }

  /// Holder, term, now.
  static let endSignerLease = Statement(
    "end signer lease",
    """
    UPDATE tally.signer_lease
       SET lease_until = least(lease_until, $3)
     WHERE lease_id = 1 AND holder = $1 AND term = $2
    RETURNING term
    """
  ) { (row) throws(PostgresError) in try row.next() }

  /// Holds the lease still until the transaction ends: holder, term. No row where it is somebody else's.
  static let lockSignerLease = Statement(
    "lock signer lease",
    "SELECT term FROM tally.signer_lease WHERE lease_id = 1 AND holder = $1 AND term = $2 FOR SHARE"
  ) { (row) throws(PostgresError) in try row.next() }
}
