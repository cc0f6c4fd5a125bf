/// How much of a machine's time a reader of many lines takes.
package enum ReadingPace: Sendable {
  /// All that it can get: for an operator's command.
  case full
  /// All that it can get where nobody writes to the database, and a small part where somebody does: edits beside the reader
  /// keep their time.
  case yielding

  /// What one transaction that wrote is worth: with forty of them a second, or more, a reader rests as long as it may. Those
  /// that a gateway without edits makes, one in some seconds, cost it next to nothing.
  package static let restPerWriter: Duration = .milliseconds(25)
  /// The longest rest, in times of what was done before it: a twentieth of the time is left to work in.
  package static let restMaximum = 19
  /// The longest rest at all, for a chunk that took long because its reader is slow.
  package static let longestRest: Duration = .seconds(1)

  /// How long to rest behind a chunk.
  /// - Parameters:
  ///   - took: how long it took to read a chunk and to work on one. Where others want the same processors it takes longer,
  ///     and the rest with it.
  ///   - writers: how many transactions wrote meanwhile, of anyone who uses the database.
  package func rest(after took: Duration, writers: Int64) -> Duration {
    switch self {
    case .full: .zero
    case .yielding:
      min(Self.restPerWriter * Int(max(0, min(writers, 1_000))), took * Self.restMaximum, Self.longestRest)
    }
  }
}
