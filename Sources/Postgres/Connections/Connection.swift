import CLibPQ
import Logging
import Synchronization

/// One connection to a PostgreSQL server. An actor whose executor is a thread of its own: a call may wait for the server as long
/// as its deadline allows, and nothing else in the process waits with it.
///
/// Nothing suspends between sending and the last result, so calls never mix. A cancelled task does not interrupt a run: it ends
/// within its deadline, and the connection stays in a known state. After a time-out, a FATAL error or a loss the connection is
/// closed for good, and every later call fails with `closed`, nothing sent.
package actor Connection {
  /// The longest answer to one run, in bytes (`AnswerSize` says how they are counted). libpq holds it in memory as a whole; larger
  /// reads belong into COPY or pages.
  package static let maximumResponseBytes = 256 << 20
  /// The most rows of one statement.
  package static let maximumRows = 1_000_000
  /// Time for a rollback: it is no work, so a server that needs longer is not to be waited for.
  package static let rollbackTimeout: Duration = .seconds(2)

  let thread: ConnectionThread
  let logger: Logger
  var handle: OpaquePointer?
  var prepared = PreparedStatements()
  var answerSize = AnswerSize(limit: Connection.maximumResponseBytes)
  let notices = NoticeSink()
  var listener: AsyncStream<PostgresNotification>.Continuation?

  private nonisolated let usable = Atomic(false)
  private nonisolated let idle = Atomic(false)
  private nonisolated let syncs = Atomic(0)

  package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  init(thread: ConnectionThread, logger: Logger) {
    self.thread = thread
    self.logger = logger
  }

  isolated deinit {
    listener?.finish()
    if let handle { PQfinish(handle) }
    thread.stop()
  }

  /// Whether the connection can still be used, as far as anybody knows: the server closing it while nobody is at work is noticed.
  package nonisolated var isUsable: Bool { usable.load(ordering: .acquiring) }

  /// Whether no transaction was open after the last run.
  package nonisolated var isIdle: Bool { idle.load(ordering: .acquiring) }

  /// How many round trips this connection has made: Syncs and simple queries sent.
  package nonisolated var roundTrips: Int { syncs.load(ordering: .relaxed) }

  /// Where the connection stands.
  package var transactionStatus: TransactionStatus {
    guard let handle else { return .unknown }
    switch PQtransactionStatus(handle) {
    case PQTRANS_IDLE: return .idle
    case PQTRANS_INTRANS: return .inTransaction
    case PQTRANS_INERROR: return .inError
    default: return .unknown
    }
  }

  /// The server's process for this connection, 0 when closed.
  package var backendProcessID: Int32 { handle.map { PQbackendPID($0) } ?? 0 }

  /// The server's version as one number, 150018 for 15.18; 0 when closed.
  package var serverVersion: Int { handle.map { Int(PQserverVersion($0)) } ?? 0 }

  /// A setting that the server reports on its own, such as `server_version` or `TimeZone`.
  package func parameterStatus(_ name: String) -> String? {
    guard let handle, let value = PQparameterStatus(handle, name) else { return nil }
    return String(cString: value)
  }

  /// Closes the connection. Nothing happens when it is closed already.
  package func close() {
    usable.store(false, ordering: .releasing)
    idle.store(false, ordering: .releasing)
    thread.unwatch()
    listener?.finish()
    listener = nil
    guard let handle else { return }
    self.handle = nil
    PQfinish(handle)
  }

  /// Ends a run from outside: it fails with `cancelled`, outcome unknown, and the connection is closed. For shutting down.
  package nonisolated func terminate() {
    usable.store(false, ordering: .releasing)
    thread.terminate()
  }

  // MARK: For the extensions

  /// Takes a connection of libpq that is ready to work.
  func adopt(_ handle: OpaquePointer) {
    self.handle = handle
    usable.store(true, ordering: .releasing)
    noteStatus()
  }

  /// Counts a round trip.
  func countRoundTrip() { syncs.add(1, ordering: .relaxed) }

  /// Publishes whether a transaction is open.
  func noteStatus() { idle.store(transactionStatus == .idle, ordering: .releasing) }

  /// - Throws: `closed`, nothing sent.
  func openHandle() throws(PostgresError) -> OpaquePointer {
    guard let handle else {
      throw PostgresError(.closed, outcome: .notSent, reason: "the connection is closed")
    }
    return handle
  }

  /// Closes the connection for good and says why.
  func closing(_ error: PostgresError) -> PostgresError {
    logger.debug(
      "connection closed after an error",
      metadata: ["code": "\(error.code)", "outcome": "\(error.outcome)", "sqlState": "\(error.sqlState ?? "")"])
    close()
    return error
  }
}
