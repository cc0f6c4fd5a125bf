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

/// The fields of a line's header in the order in which they stand between those of its event. `action` is always first,
/// since no key sorts before it. The raw value is how many there are up to the field, without `action`.
enum HeaderField: Int {
  case action, actor, at, index, log, `private`, v

  static let names: [StaticString] = ["actor", "at", "index", "log", "private", "v"]

  /// How many there are.
  static let all = HeaderField.v.rawValue

  /// How many of them sort bytewise before `name`. Of a name that stands in the code, the compiler makes a number.
  @inline(__always)
  static func count(before name: StaticString) -> Int {
    let name = prefix(name)
    var count = 0
    if prefix("actor") < name { count += 1 }
    if prefix("at") < name { count += 1 }
    if prefix("index") < name { count += 1 }
    if prefix("log") < name { count += 1 }
    if prefix("private") < name { count += 1 }
    if prefix("v") < name { count += 1 }
    return count
  }

  /// The first eight bytes, the first one the highest, with zeros behind the end. No field of the header is longer, so they
  /// tell how it sorts.
  @inline(__always)
  private static func prefix(_ name: StaticString) -> UInt64 {
    byte(name, 0) << 56 | byte(name, 1) << 48 | byte(name, 2) << 40 | byte(name, 3) << 32 | byte(name, 4) << 24
      | byte(name, 5) << 16 | byte(name, 6) << 8 | byte(name, 7)
  }

  @inline(__always)
  private static func byte(_ name: StaticString, _ place: Int) -> UInt64 {
    place < name.utf8CodeUnitCount ? UInt64(name.utf8Start[place]) : 0
  }
}
