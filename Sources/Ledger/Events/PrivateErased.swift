/// `private.erased`: personal text was taken away. The lines that it belonged to stay, and with them every proof.
package struct PrivateErased: Hashable, Sendable {
  /// What was erased.
  package enum Target: Hashable, Sendable {
    /// All that is personal of a member and of its edits.
    case member(MemberID)
    /// All that is personal of these edits, ascending, at most `recordsMaximum`.
    case records([RecordID])
    /// The lines below this index and their payloads, of which only the hashes stay.
    case lines(before: Int64)
  }

  /// The most edits that one line may name: it must fit `Line.byteCountMaximum`.
  package static let recordsMaximum = 1_000

  /// The id of the erasure, made by whoever began it: one that was cut off goes on under the same id.
  package var erasure: NoteID
  /// What was erased.
  package var target: Target
  /// How many rows with something personal in them were taken away or emptied.
  package var counted: Int64

  /// An event with these fields.
  package init(erasure: NoteID, target: Target, counted: Int64) {
    self.erasure = erasure
    self.target = target
    self.counted = counted
  }
}
