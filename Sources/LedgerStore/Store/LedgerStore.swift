import Ledger
package import Logging
import Postgres

/// The ledger in PostgreSQL: everything that reads or changes a team's books goes through here.
///
/// Changes go through lanes, each a single writer for the teams that hash to it (docs/ledger.md). Reads that answer a
/// request are confined to its team by row level security; reads of the operator's own run as the lane's role.
package final class LedgerStore: Sendable {
  /// What the store was opened with.
  package let settings: LedgerStoreSettings
  let logger: Logger
  /// Reads the key directory and nothing else.
  let authPool: Pool
  /// Answers requests, confined to one team at a time.
  let requestPool: Pool
  /// The operator's reads over all teams.
  let lanePool: Pool
  /// Exports: confined as requests are, and few, so that they never take a request's connection.
  let exportPool: Pool
  let zones: ZoneCalendar
  private let lanes: [Lane]

  private init(_ settings: LedgerStoreSettings, logger: Logger) {
    self.settings = settings
    self.logger = logger
    let zones = ZoneCalendar()
    self.zones = zones
    func pool(_ role: String, size: Int) -> Pool {
      var connection = settings.connection
      connection.role = role
      connection.sessionParameters += LedgerStoreSettings.poolSessionParameters
      return Pool(
        settings: connection,
        configuration: PoolConfiguration(maximumSize: size, maximumWaiters: LedgerStoreSettings.maximumPoolWaiters),
        logger: logger)
    }
    authPool = pool("tally_auth", size: LedgerStoreSettings.authPoolSize)
    requestPool = pool("tally_request", size: settings.requestPoolSize)
    lanePool = pool("tally_lane", size: LedgerStoreSettings.lanePoolSize)
    exportPool = pool("tally_request", size: LedgerStoreSettings.exportPoolSize)
    let environment = Self.environment(settings, zones: zones)
    let connection = Self.laneConnection(settings)
    lanes = (0..<max(1, settings.laneCount)).map { number in
      let queue = LaneQueue(
        maximumWaiting: settings.maximumWaitingPerLane, maximumWaitingPerTeam: settings.maximumWaitingPerTeam,
        share: settings.maximumBatchPerTeam)
      let machine = LaneMachine(environment: environment, queue: queue, maximumBatch: settings.maximumBatch)
      var laneLogger = logger
      laneLogger[metadataKey: "lane"] = "\(number)"
      return Lane(machine: machine, settings: connection, logger: laneLogger)
    }
  }

  /// What decides commands, with the machine's own randomness.
  static func environment(_ settings: LedgerStoreSettings, zones: ZoneCalendar) -> LaneEnvironment {
    let salts = SaltSource()
    return LaneEnvironment(
      logName: settings.logName, instance: settings.instance, now: settings.now,
      month: { moment, zone in
        zones.monthBounds(at: moment, timeZone: zone) ?? .utcMonth(containing: moment)
      },
      salt: { salts.next() })
  }

  /// How whoever writes lines connects.
  static func laneConnection(_ settings: LedgerStoreSettings) -> ConnectionSettings {
    var connection = settings.connection
    connection.role = "tally_lane"
    connection.sessionParameters += LedgerStoreSettings.laneSessionParameters
    return connection
  }

  /// Opens the store. Connections are made when they are first needed, but for one that checks the schema.
  /// - Throws: `schema`, which names `tally migrate`, when the tables are missing, older or newer than this program;
  ///   `unavailable` without a database.
  package static func open(_ settings: LedgerStoreSettings, logger: Logger) async throws(StoreError) -> LedgerStore {
    #if TALLY_WITHOUT_LOG
      // Nobody's ledger: this program keeps no log of what it does, so it may not get hold of any other.
      guard settings.connection.database == "tally_without_log" else {
        throw StoreError(.schema("this program was built without an audit log, to measure what one costs"))
      }
    #endif
    let store = LedgerStore(settings, logger: logger)
    do throws(StoreError) {
      try await store.checkSchema()
    } catch {
      await store.close(within: .seconds(1))
      throw error
    }
    return store
  }

  /// Lets the lanes finish what waits, at most for `limit`, then closes all connections.
  package func close(within limit: Duration) async {
    await withTaskGroup(of: Void.self) { group in
      for lane in lanes { group.addTask { await lane.drained(within: limit) } }
    }
    for lane in lanes { await lane.close() }
    await requestPool.close()
    await authPool.close()
    await lanePool.close()
    await exportPool.close()
  }

  /// What the lanes have done so far.
  package var laneStatistics: LaneStatistics {
    get async {
      var sum = LaneStatistics()
      for lane in lanes { sum.add(await lane.statistics) }
      return sum
    }
  }

  /// Round trips that the lanes have sent so far.
  package var laneRoundTrips: Int {
    get async { await laneStatistics.roundTrips }
  }

  /// Commands that wait in the lanes.
  package var waitingCommands: Int {
    get async {
      var sum = 0
      for lane in lanes { sum += await lane.waitingCount }
      return sum
    }
  }

  /// Runs one command in its team's lane, for a caller who waits as long as a hold may take.
  func submit(_ command: LaneCommand) async throws(StoreError) -> LaneAnswer {
    try await submit(command, timeout: settings.holdTimeout)
  }

  /// The same for a caller who waits for `timeout`; nil: until the lane knows.
  func submit(_ command: LaneCommand, timeout: Duration?) async throws(StoreError) -> LaneAnswer {
    try await lane(of: command.team).submit(command, timeout: timeout)
  }

  private func lane(of team: TeamID) -> Lane {
    // Ids are random: their low bits spread the teams evenly, the same way in every process.
    lanes[Int(team.bits % UInt128(lanes.count))]
  }
}
