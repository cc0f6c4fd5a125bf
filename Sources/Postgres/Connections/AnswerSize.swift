/// How large the answer to one run is so far. Two counts, because no one of them will do:
///
/// * What each read takes out of the socket is counted by what waits there before and after it. It stops an answer in its middle,
///   but it can only be too low: what a fast server sends meanwhile is taken along, or waits behind.
/// * What a result holds in memory is known exactly, but not before the result is complete. It is one look at each result,
///   whatever the number of its rows.
///
/// So an answer over the limit is often given up early, and never handed out.
package struct AnswerSize: Equatable {
  /// The most bytes.
  package let limit: Int
  private var arrived = 0
  private var held = 0

  /// Nothing yet.
  package init(limit: Int) { self.limit = limit }

  /// Whether the answer is larger than it may be.
  package var isOverLimit: Bool { max(arrived, held) > limit }

  /// Bytes that the socket held for a read, and those that it holds behind it: libpq takes some kilobytes at a time, and what it
  /// leaves is the next read's.
  package mutating func arrive(_ bytes: Int, leaving rest: Int) { arrived += max(0, bytes - rest) }

  /// Bytes of a result that is complete.
  package mutating func hold(_ bytes: Int) { held += bytes }

  /// All that was counted is handed on, or belongs to a run before.
  package mutating func forget() {
    arrived = 0
    held = 0
  }
}
