import Logging
import ServiceLifecycle

/// Starts the embedded PostgreSQL again when it ends under the gateway; ends the gateway when that cannot be done.
struct DatabaseWatch: Service {
  /// How often a server that has ended is tried. Each try waits for the server's own recovery.
  private static let attempts = 10
  /// Backends of a killed server keep its memory for a moment, and a new one cannot start until they have noticed.
  private static let pause = Duration.milliseconds(500)

  let database: LedgerDatabase
  let logger: Logger

  func run() async throws {
    while await hasEnded() {
      logger.error("The embedded PostgreSQL has ended. It is started again.")
      try await restart()
      logger.notice("The embedded PostgreSQL is back.")
    }
  }

  /// Waits for the end of the server; false when the gateway ends first.
  private func hasEnded() async -> Bool {
    let ended = AsyncStream<Void>.makeStream()
    // A task of its own, since the wait for a process cannot be cancelled; the process is stopped after the gateway.
    let watch = Task { [database] in
      await database.waitForServerExit()
      ended.continuation.yield()
    }
    defer { watch.cancel() }
    return await cancelWhenGracefulShutdown {
      for await _ in ended.stream { return true }
      return false
    }
  }

  private func restart() async throws {
    for attempt in 1...Self.attempts {
      do {
        return try await database.restartServer()
      } catch {
        logger.warning("The embedded PostgreSQL does not start.", metadata: ["attempt": "\(attempt)"])
        try? await Task.sleep(for: Self.pause)
      }
    }
    throw CommandFailure(
      .databaseUnreachable, "the embedded PostgreSQL has ended and does not start again; its log tells why")
  }
}
