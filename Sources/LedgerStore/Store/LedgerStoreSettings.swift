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
  /// How long a hold may wait for its commit before it is answered `unavailable`.
  package var holdTimeout: Duration
  /// How long a settlement tries before its caller is told `unavailable`; the lane goes on trying.
  package var settleTimeout: Duration
  /// Connections of the pool that answers requests.
  package var requestPoolSize: Int

  /// Settings with the defaults of docs/command-line.md.
  package init(connection: ConnectionSettings, instance: InstanceID, logName: String = "tally.local", laneCount: Int = 2) {
    self.connection = connection
    self.laneCount = laneCount
    self.logName = logName
    self.instance = instance
    maximumWaitingPerLane = 20_000
    maximumWaitingPerTeam = 5_000
    maximumBatch = 1_024
    holdTimeout = .seconds(5)
    settleTimeout = .seconds(10)
    requestPoolSize = 8
  }
}
