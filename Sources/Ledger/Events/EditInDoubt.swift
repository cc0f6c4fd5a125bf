/// `edit.in_doubt`: nobody can tell what became of an edit. Its credits stay held.
package struct EditInDoubt: Hashable, Sendable {
  /// The edit's record.
  package var record: RecordID
  /// The index of the line that held it.
  package var hold: Int64
  /// What is held.
  package var amount: Credits
  /// Why.
  package var cause: InDoubtCause

  /// An event with these fields.
  package init(record: RecordID, hold: Int64, amount: Credits, cause: InDoubtCause) {
    self.record = record
    self.hold = hold
    self.amount = amount
    self.cause = cause
  }
}
