/// What every log line has beside what its event tells (docs/audit.md, one log per team).
package struct LineHeader: Hashable, Sendable {
  /// The log's origin: ASCII without quotes, backslashes and spaces.
  package var log: String
  /// The line's position in the log, from 0.
  package var index: Int64
  /// When it happened; never before the line in front of it.
  package var at: Timestamp
  /// Who brought it about.
  package var actor: Actor
  /// `sha256(salt || payload)` over the line's private payload.
  package var `private`: Digest32

  /// A header with these fields.
  package init(log: String, index: Int64, at: Timestamp, actor: Actor, `private` commitment: Digest32) {
    self.log = log
    self.index = index
    self.at = at
    self.actor = actor
    self.private = commitment
  }

  /// The header of the next line of `book`, decided in `context`.
  package init(nextOf book: TeamBook, _ context: DecisionContext) {
    self.init(
      log: book.origin, index: book.logSize, at: context.at, actor: context.actor, private: context.commitment)
  }
}

/// The fields of a line's header in the order in which they stand between those of its event. `action` is not among
/// them: no key sorts before it, so it is always first.
enum HeaderField {
  static let names: [StaticString] = ["actor", "at", "index", "log", "private", "v"]

  /// Whether `left` sorts bytewise before `right`.
  @inline(__always)
  static func precedes(_ left: StaticString, _ right: StaticString) -> Bool {
    let count = min(left.utf8CodeUnitCount, right.utf8CodeUnitCount)
    for index in 0..<count where left.utf8Start[index] != right.utf8Start[index] {
      return left.utf8Start[index] < right.utf8Start[index]
    }
    return left.utf8CodeUnitCount < right.utf8CodeUnitCount
  }
}
