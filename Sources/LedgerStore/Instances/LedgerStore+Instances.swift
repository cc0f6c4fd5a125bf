package import Ledger
import Postgres

extension LedgerStore {
  /// Enters this run of the gateway, at work for `lease` from now on the database's clock.
  ///
  /// Its dispatch notes must be on the disk before: who finds the row may rely on them.
  /// - Throws: `unavailable`; `conflict` for an id that was used before.
  package func beginInstance(bootID: String, lease: Duration) async throws(StoreError) {
    let now = try await databaseClock()
    do throws(StoreError) {
      _ = try await operatorRows(
        .beginInstance, settings.instance.uuid, bootID, now.timestamptz, now.adding(lease).timestamptz)
    } catch  where error.sqlState == "23505" {
      throw StoreError(.conflict("this run of the gateway is known already"), underlying: error.underlying)
    }
  }

  /// Renews the lease of this run, also one that has ended meanwhile: what was put in doubt stays so until its truth is
  /// booked.
  /// - Returns: false when the row is gone: then nothing may be sent any more.
  /// - Throws: `unavailable`.
  package func renewInstance(lease: Duration) async throws(StoreError) -> Bool {
    let now = try await databaseClock()
    return try await !operatorRows(.renewInstance, settings.instance.uuid, now.adding(lease).timestamptz).isEmpty
  }

  /// Ends a run of a gateway: its lease ends now, so nobody waits for it.
  /// - Throws: `unavailable`.
  package func endInstance(_ instance: InstanceID) async throws(StoreError) {
    let now = try await databaseClock()
    _ = try await operatorRows(.endInstance, instance.uuid, now.timestamptz)
  }

  /// One run of a gateway; nil: it is not known.
  /// - Throws: `unavailable`.
  package func instanceLease(_ instance: InstanceID) async throws(StoreError) -> InstanceLease? {
    try await operatorRows(.instanceLease, instance.uuid).first
  }

  /// Removes runs whose leases ended before `moment` and that no open edit can name any more.
  /// - Returns: how many, at most `limit`.
  /// - Throws: `unavailable`.
  package func pruneInstances(endedBefore moment: Timestamp, limit: Int) async throws(StoreError) -> Int {
    try await operatorRows(.pruneInstances, moment.timestamptz, Int64(limit)).count
  }

  /// The database's clock, by which leases and doubts are counted.
  /// - Throws: `unavailable`, also while it differs from this machine's by more than a lane takes: what was decided by it
  ///   would last until it is that late (docs/ledger.md, "A lane's batch").
  package func databaseClock() async throws(StoreError) -> Timestamp {
    guard let now = try await operatorRows(LaneLoad.readClock).first else { throw StoreError(.database) }
    let difference = now.microseconds - settings.now().microseconds
    guard abs(difference) <= LaneMachine.maximumClockDifferenceMicroseconds else {
      throw StoreError(.unavailable(mayBeHeld: false))
    }
    return now
  }
}

extension Timestamp {
  /// The moment so much later, to the microsecond.
  package func adding(_ duration: Duration) -> Timestamp {
    let (seconds, attoseconds) = duration.components
    return Timestamp(
      microseconds: microseconds + seconds * Self.microsecondsPerSecond + attoseconds / 1_000_000_000_000)
  }
}

extension Statement where Row == InstanceID {
  /// A new run: its id, boot id, start, end of its lease.
  static let beginInstance = Statement(
    "begin instance",
    """
    INSERT INTO tally.instance (instance_id, boot_id, started_at, lease_until)
    VALUES ($1, $2, $3, $4)
    RETURNING instance_id
    """
  ) { (row) throws(PostgresError) in try row.id() }

  /// Its id, the new end of its lease.
  static let renewInstance = Statement(
    "renew instance",
    """
    UPDATE tally.instance
       SET lease_until = greatest(lease_until, $2), ended_at = NULL
     WHERE instance_id = $1
    RETURNING instance_id
    """
  ) { (row) throws(PostgresError) in try row.id() }

  /// Its id, now.
  static let endInstance = Statement(
    "end instance",
    """
    UPDATE tally.instance
       SET lease_until = least(lease_until, $2), ended_at = coalesce(ended_at, $2)
     WHERE instance_id = $1
    RETURNING instance_id
    """
  ) { (row) throws(PostgresError) in try row.id() }

  /// Runs whose leases ended before a moment, at most so many.
  static let pruneInstances = Statement(
    "prune instances",
    """
    DELETE FROM tally.instance
     WHERE instance_id IN (SELECT instance_id FROM tally.instance WHERE lease_until < $1 LIMIT $2)
    RETURNING instance_id
    """
  ) { (row) throws(PostgresError) in try row.id() }
}

extension Statement where Row == InstanceLease {
  static let instanceLease = Statement(
    "instance lease",
    """
    SELECT instance_id, boot_id, started_at, lease_until, clock_timestamp()
      FROM tally.instance
     WHERE instance_id = $1
    """
  ) { (row) throws(PostgresError) in
    InstanceLease(
      instance: try row.id(), bootID: try row.next(), startedAt: try row.time(), leaseUntil: try row.time(),
      now: try row.time())
  }
}
