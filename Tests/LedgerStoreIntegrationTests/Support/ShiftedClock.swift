import Ledger
import LedgerStore
import Postgres
import Synchronization

/// A database's clock that a test moves forward, and the gateway's beside it: months pass without anybody waiting for them.
///
/// The database's `clock_timestamp()` is another function for the gateway's login, in a schema before `pg_catalog`.
final class ShiftedClock: Sendable {
  private let seconds = Mutex<Int64>(0)

  /// Puts the function into the database, before a store is opened on it.
  func install(in database: LedgerDatabase) async throws {
    try await database.execute(
      """
      CREATE SCHEMA shifted;
      CREATE TABLE shifted.clock (seconds bigint NOT NULL);
      INSERT INTO shifted.clock VALUES (0);
      CREATE FUNCTION shifted.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE SECURITY DEFINER
        SET search_path = pg_catalog
        AS $$ SELECT pg_catalog.clock_timestamp() + make_interval(secs => (SELECT seconds FROM shifted.clock)) $$;
      GRANT USAGE ON SCHEMA shifted TO PUBLIC;
      DO $$ BEGIN
        EXECUTE format('ALTER ROLE \(LedgerDatabase.loginRole) IN DATABASE %I SET search_path = shifted, pg_catalog',
                       current_database());
      END $$
      """)
  }

  /// Moves both clocks forward.
  func advance(days: Int64, in database: LedgerDatabase) async throws {
    try await advance(seconds: days * 86_400, in: database)
  }

  /// Moves both clocks forward.
  func advance(seconds count: Int64, in database: LedgerDatabase) async throws {
    try await database.execute("UPDATE shifted.clock SET seconds = seconds + \(count)")
    seconds.withLock { $0 += count }
  }

  /// Moves both clocks to just behind the end of the month, in UTC.
  func advanceToNextMonth(in database: LedgerDatabase) async throws {
    guard let end = PeriodBounds.utcMonth(containing: now).end else { return }
    let step = (end.microseconds - now.microseconds) / Timestamp.microsecondsPerSecond + 2
    try await database.execute("UPDATE shifted.clock SET seconds = seconds + \(step)")
    seconds.withLock { $0 += step }
  }

  /// The gateway's clock.
  var now: Timestamp {
    LedgerStoreSettings.systemClock().adding(seconds: seconds.withLock { $0 })
  }
}

/// Runs a test with a store whose clocks it moves.
func withShiftedStore<R>(
  takingAtOnce atOnce: TakenAtOnce = TakenAtOnce(),
  _ body: (LedgerStore, LedgerDatabase, ShiftedClock) async throws -> R
) async throws -> R {
  try await withLedgerDatabase { database in
    let clock = ShiftedClock()
    try await clock.install(in: database)
    let store = try await database.openStore { settings in
      settings.now = { clock.now }
      settings.takenAtOnce = atOnce
    }
    do {
      let result = try await body(store, database, clock)
      await store.close(within: .seconds(5))
      return result
    } catch {
      await store.close(within: .seconds(5))
      throw error
    }
  }
}

extension LedgerDatabase {
  /// Makes all teams so many days older, so that they have seen months that a test closes; their first lines stay as they
  /// are. Below 0: younger again, for `ledger check`.
  func ageTeams(days: Int) async throws {
    try await execute("UPDATE tally.team SET created_at = created_at + make_interval(days => \(-days))")
  }
}
