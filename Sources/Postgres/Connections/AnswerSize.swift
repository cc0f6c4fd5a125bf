/// How large the answer to one run is so far. Two counts, because no one of them will do:
///
/// * What waits in the socket is counted before each read. It stops an answer in its middle, but it can only be too low: libpq
///   reads on while it copies, and takes along what a fast server sends meanwhile.
/// * What a result holds in memory is known exactly, but not before the result is complete. It is one look at each result,
///   whatever the number of its rows.
///
/// So an answer over the limit is often given up early, and never handed out.
struct AnswerSize: Equatable {
  /// The most bytes.
  let limit: Int
  private var arrived = 0
  private var held = 0

  /// Nothing yet.
  init(limit: Int) { self.limit = limit }

  /// Whether the answer is larger than it may be.
  var isOverLimit: Bool { max(arrived, held) > limit }

  /// Bytes that the socket holds for a read that comes now.
  mutating func arrive(_ bytes: Int) { arrived += bytes }

  /// Bytes of a result that is complete.
  mutating func hold(_ bytes: Int) { held += bytes }

  /// All that was counted is handed on, or belongs to a run before.
  mutating func forget() {
    arrived = 0
    held = 0
  }
}
