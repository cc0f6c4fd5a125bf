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

  /// All connections, made or being made.
  package var size: Int { connecting + idle + leased }
}
