/// A look at a pool at one moment.
package struct PoolStatistics: Sendable, Hashable {
  /// The most connections that it may have.
  package let maximumSize: Int
  /// Connections being made.
  package let connecting: Int
  /// Connections that nobody uses.
  package let idle: Int
  /// Connections in use.
  package let leased: Int
  /// Callers that wait.
  package let waiting: Int

  /// - Parameters:
  ///   - maximumSize: the most connections that it may have.
  ///   - connecting: connections being made.
  ///   - idle: connections that nobody uses.
  ///   - leased: connections in use.
  ///   - waiting: callers that wait.
  package init(maximumSize: Int, connecting: Int, idle: Int, leased: Int, waiting: Int) {
    self.maximumSize = maximumSize
    self.connecting = connecting
    self.idle = idle
    self.leased = leased
    self.waiting = waiting
  }

  /// All connections, made or being made.
  package var size: Int { connecting + idle + leased }
}
