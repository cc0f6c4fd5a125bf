import Synchronization

/// Ends a connection whose reader takes nothing any more, so that what is written for it does not wait for ever.
package final class StallWatch: Sendable {
  /// How long a reader may take nothing of what waits for it.
  package static let usualLimit: Duration = .seconds(60)
  private static let interval: Duration = .seconds(5)
  /// Waits until the next look.
  package static let usualTick: @Sendable () async throws -> Void = { try await Task.sleep(for: interval) }

  private let waitingSince = Mutex<Duration?>(nil)
  private let clock: GatewayClock
  private let limit: Duration
  private let task = Mutex<Task<Void, Never>?>(nil)

  /// Watches what is written from now on.
  /// - Parameters:
  ///   - clock: tells how long a write waits.
  ///   - limit: how long it may.
  ///   - tick: what is waited for between two looks; throws where nothing is watched any more.
  ///   - close: ends the connection.
  package init(
    clock: GatewayClock, limit: Duration = usualLimit,
    tick: @escaping @Sendable () async throws -> Void = usualTick,
    close: @escaping @Sendable () -> Void
  ) {
    self.clock = clock
    self.limit = limit
    let watching = Task { [weak self] in
      while (try? await tick()) != nil {
        guard let self else { return }
        guard self.isStalled else { continue }
        return close()
      }
    }
    task.withLock { $0 = watching }
  }

  /// Watches one write.
  package func write(_ body: () async throws -> Void) async throws {
    waitingSince.withLock { $0 = clock.monotonic() }
    defer { waitingSince.withLock { $0 = nil } }
    try await body()
  }

  /// Watches no longer.
  package func end() {
    task.withLock { $0?.cancel() }
  }

  private var isStalled: Bool {
    waitingSince.withLock { since in since.map { clock.monotonic() - $0 > limit } ?? false }
  }
}
