import LedgerStore
import Synchronization

/// The progress line of an erasure, which is told from elsewhere.
final class EraseProgress: Sendable {
  private let line = Mutex(ProgressLine(words: "lines looked through"))

  /// Shows how far it is.
  func show(_ progress: CheckProgress) {
    line.withLock { $0.show(progress.lines, of: progress.linesInAll) }
  }

  /// Takes the line away.
  func end() {
    line.withLock { $0.end() }
  }
}
