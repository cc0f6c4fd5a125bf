import Ledger

/// What credits and evidence changed of an edit that is over. The rest stands in the lines that they name, where it is read
/// again for each of them: the book would hold several times as much of every edit that was ever corrected.
struct CorrectedEdit: Sendable {
  private var credited: Credits
  private var assumed: Bool
  private var evidenceIndex: Int64?
  private var openedIndex: Int64
  private var resolvedIndex: Int64?

  /// What was changed of `record`.
  init(_ record: borrowing RecordState) {
    credited = record.credited
    assumed = record.assumed
    evidenceIndex = record.evidenceIndex
    openedIndex = record.openedIndex
    resolvedIndex = record.resolvedIndex
  }

  /// Changes the edit as its lines tell it. It is still that of the lines that were named first: others that claim its id
  /// contradict them.
  func apply(to record: inout RecordState) {
    record.credited = credited
    record.assumed = assumed
    record.evidenceIndex = evidenceIndex
    record.openedIndex = openedIndex
    record.resolvedIndex = resolvedIndex
  }
}
