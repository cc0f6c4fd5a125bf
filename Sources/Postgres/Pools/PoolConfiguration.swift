/// The limits of a pool. Each has a reason to be finite: a queue without an end only hides that the database is too slow.
package struct PoolConfiguration: Sendable {
  /// The most connections at once. The server pays memory and planning for each.
  package var maximumSize: Int
  /// How many are kept open although nobody uses them.
  package var minimumSize: Int
  /// How many callers may wait when all connections are in use. The next one is refused at once.
  package var maximumWaiters: Int
  /// How long a caller waits for a connection.
  package var acquireTimeout: Duration
  /// How old a connection becomes, so that memory of the server's processes is given back and a new primary is found.
  package var maximumLifetime: Duration
  /// Up to this much is taken off the lifetime, differently for each, so that they do not all end together.
  package var lifetimeJitter: Duration
  /// How long a connection above the minimum may be unused.
  package var maximumIdleTime: Duration
  /// How often `run()` looks after all this.
  package var maintenanceInterval: Duration

  /// - Parameters:
  ///   - maximumSize: the most connections at once, 1 at least.
  ///   - minimumSize: how many are kept open.
  ///   - maximumWaiters: how many callers may wait.
  ///   - acquireTimeout: how long a caller waits.
  package init(
    maximumSize: Int, minimumSize: Int = 0, maximumWaiters: Int = 256, acquireTimeout: Duration = .seconds(2),
    maximumLifetime: Duration = .seconds(3600), lifetimeJitter: Duration = .seconds(600),
    maximumIdleTime: Duration = .seconds(300), maintenanceInterval: Duration = .seconds(5)
  ) {
    self.maximumSize = max(1, maximumSize)
    self.minimumSize = min(max(0, minimumSize), self.maximumSize)
    self.maximumWaiters = max(0, maximumWaiters)
    self.acquireTimeout = acquireTimeout
    self.maximumLifetime = maximumLifetime
    self.lifetimeJitter = lifetimeJitter
    self.maximumIdleTime = maximumIdleTime
    self.maintenanceInterval = maintenanceInterval
  }
}
