import Foundation

/// How far a long command is, on one line of a terminal that is written over; nothing where standard error is none.
final class ProgressLine {
  private let words: String
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var isShown = false

  /// A line that says `words` behind the numbers.
  init(words: String) {
    self.words = words
  }

  /// Shows that `done` of `all` are done.
  func show(_ done: Int64, of all: Int64) {
    guard isTerminal, all > 0 else { return }
    isShown = true
    write("\r\(done) of \(all) \(words), \(Int(Double(done) / Double(all) * 100)) %")
  }

  /// Takes the line away.
  func end() {
    guard isShown else { return }
    isShown = false
    // Erases to the end of the line.
    write("\r\u{1B}[K")
  }

  private func write(_ text: String) {
    // Nobody needs to know that nobody looks.
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
