import Synchronization

/// Which teams are written, and how far all of them are.
final class RecordsProgress: Sendable {
  private struct State {
    var nextShare = 0
    var edits = 0
    let line = ProgressLine(words: "edits")
  }

  private let all: Int
  private let state = Mutex(State())

  /// Nothing of `all` edits is written.
  init(all: Int) {
    self.all = all
  }

  /// The position of a team that nobody has taken.
  func takeShare() -> Int {
    state.withLock { state in
      defer { state.nextShare += 1 }
      return state.nextShare
    }
  }

  /// So many edits more are written.
  func add(_ edits: Int) {
    state.withLock { state in
      state.edits += edits
      state.line.show(Int64(state.edits), of: Int64(all))
    }
  }

  /// Takes the line away.
  func end() {
    state.withLock { $0.line.end() }
  }
}
