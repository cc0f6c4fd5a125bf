import NIOCore
import Synchronization

/// Ends a connection whose reader takes nothing any more, so that what is written for it does not wait for ever.
final class StallWatch: Sendable {
  /// How long a reader may take nothing of what waits for it.
  static let limit: Duration = .seconds(60)
  private static let interval: Duration = .seconds(5)

  private let waitingSince = Mutex<Duration?>(nil)
  private let clock: GatewayClock
  private let task = Mutex<Task<Void, Never>?>(nil)

  /// Watches what is written to `channel` from now on.
  init(_ channel: any Channel, clock: GatewayClock) {
    self.clock = clock
    let watching = Task { [weak self] in
      while (try? await Task.sleep(for: Self.interval)) != nil {
        guard let self else { return }
        guard self.isStalled else { continue }
        return channel.close(promise: nil)
      }
    }
    task.withLock { $0 = watching }
  }

  /// Watches one write.
  func write(_ body: () async throws -> Void) async throws {
    waitingSince.withLock { $0 = clock.monotonic() }
    defer { waitingSince.withLock { $0 = nil } }
    try await body()
  }

  /// Watches no longer.
  func end() {
    task.withLock { $0?.cancel() }
  }

  private var isStalled: Bool {
    waitingSince.withLock { since in since.map { clock.monotonic() - $0 > Self.limit } ?? false }
  }
}
