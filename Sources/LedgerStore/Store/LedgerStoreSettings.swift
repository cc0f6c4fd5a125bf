import Glibc
package import Ledger
package import Postgres

/// What a ledger store needs to know at its start.
package struct LedgerStoreSettings: Sendable {
  /// How to reach the database. The role is set per pool by the store; whatever stands here is replaced.
  package var connection: ConnectionSettings
  /// Number of lanes: as many as the database has cores. More make batches smaller (docs/benchmarks.md).
  package var laneCount: Int
  /// First part of every log's origin: `<logName>/<team uuid>` (docs/audit.md).
  package var logName: String
  /// Random id of this run of the gateway or command.
  package var instance: InstanceID
  /// Commands that may wait in one lane. Over it a hold is refused at once as `overloaded`.
  package var maximumWaitingPerLane: Int
  /// Commands of one team that may wait in its lane, so that a flood of one team leaves room for others.
  package var maximumWaitingPerTeam: Int
  /// Commands in one batch: bounds the rows of a transaction, and with them its time.
  package var maximumBatch: Int
  /// Commands of one team in one batch: what a flood of one team adds to the time of another team's edit is about one
  /// batch of so many.
  package var maximumBatchPerTeam: Int
  /// How long a hold may wait for its commit before it is answered `unavailable`.
  package var holdTimeout: Duration
  /// How long a settlement tries before its caller is told `unavailable`; the lane goes on trying.
  package var settleTimeout: Duration
  /// Connections of the pool that answers requests.
  package var requestPoolSize: Int
  /// Members of one team, suspended ones included. Whoever may add them can do so in a loop, and the whole book is held in
  /// memory when a month is closed or a log recovered. It is asked for before the lane, so a burst may pass it by a few.
  package var maximumMembersPerTeam = 50_000
  /// Keys of one team, revoked and replaced ones included, for the same reason.
  package var maximumKeysPerTeam = 100_000
  /// Groups of one report, all of its buckets together: some 25 MB over HTTP.
  package var maximumUsageGroups = 100_000
  /// Stored rows of usage of one level up to which a report adds them up itself: more are added up by the database.
  package var maximumUsageRows = 50_000
  /// Places of a log that are first looked through at once for lines of some actors or resources; more if it is quick.
  package var auditPlacesAtOnce: Int64 = 65_536
  /// The most lines that are folded for one report, some second's work: a busy team books about so many in a quarter of an
  /// hour. What begins and ends with whole quarters needs none.
  package var maximumFoldedLines: Int64 = 250_000
  /// How much erasing and removing take at once.
  package var takenAtOnce = TakenAtOnce()
  /// The gateway's own clock, to compare the database's with.
  package var now: @Sendable () -> Timestamp

  /// Connections that look up keys: a look-up takes well under a millisecond, and the gateway caches.
  static let authPoolSize = 2
  /// Connections of the operator's reads: commands, checks, prices.
  static let lanePoolSize = 4
  /// Connections of exports and statements: what they take of a database is bounded by them.
  static let exportPoolSize = 2
  /// Callers that may wait for a connection of one pool. A look-up takes a fraction of a millisecond, so this many still
  /// get theirs in time; a burst of members is no reason to refuse one.
  static let maximumPoolWaiters = 2_048
  /// Plans of a lane must stay index look-ups, also those made while the tables were small (docs/benchmarks.md).
  package static let laneSessionParameters: [(name: String, value: String)] = [
    ("jit", "off"), ("enable_seqscan", "off"), ("enable_hashjoin", "off"), ("enable_mergejoin", "off"),
    ("enable_bitmapscan", "off"), ("enable_material", "off"), ("plan_cache_mode", "force_generic_plan"),
  ]

  /// No statement of a pool runs so long that compiling it would pay: that alone takes a hundred milliseconds, and a
  /// report that is guessed to read many rows would wait for it.
  package static let poolSessionParameters: [(name: String, value: String)] = [("jit", "off")]

  /// Settings with the defaults of docs/command-line.md.
  package init(
    connection: ConnectionSettings, instance: InstanceID, logName: String = "tally.local", laneCount: Int = 2
  ) {
    self.connection = connection
    self.laneCount = laneCount
    self.logName = logName
    self.instance = instance
    maximumWaitingPerLane = 20_000
    maximumWaitingPerTeam = 5_000
    maximumBatch = 1_024
    maximumBatchPerTeam = 128
    holdTimeout = .seconds(5)
    settleTimeout = .seconds(10)
    requestPoolSize = 8
    now = Self.systemClock
  }

  /// The machine's clock.
  package static let systemClock: @Sendable () -> Timestamp = {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
  }
}
