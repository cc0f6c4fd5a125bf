import LedgerStore
import Synchronization

/// What a check told of its progress.
final class Progress: Sendable {
  private let notes = Mutex<[CheckProgress]>([])

  var all: [CheckProgress] { notes.withLock { $0 } }

  func note(_ progress: CheckProgress) { notes.withLock { $0.append(progress) } }
}
