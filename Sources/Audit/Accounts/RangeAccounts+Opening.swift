import Ledger

extension RangeAccounts {
  /// The books of a range that begins at `from`, with the bytes of `state.json` where that is not the log's first line.
  ///
  /// Throws a `BundleFault` where there is no such book. Whether it is the right one is shown by the range's first line, so
  /// an empty range has none.
  init(log: String, team: TeamID, from: Int64, state: [UInt8]?, isEmpty: Bool = false) throws(BundleFault) {
    if isEmpty {
      guard state == nil else { throw BundleFault(BundleFile.state, "is named by no line") }
      var book = TeamBook.empty(teamID: team, origin: log)
      book.logSize = from
      self.init(log: log, team: team, opening: book, state: nil)
      return
    }
    guard let state else {
      guard from == 0 else { throw BundleFault(BundleFile.state, index: from, "is missing") }
      self.init(log: log, team: team, opening: .empty(teamID: team, origin: log), state: nil)
      return
    }
    var book: TeamBook
    do {
      book = try BookText.read(state)
    } catch {
      throw BundleFault(BundleFile.state, index: from, "cannot be read: \(error)")
    }
    guard book.logSize == from, book.team.id == team, book.origin.utf8.elementsEqual(log.utf8) else {
      throw BundleFault(BundleFile.state, index: from, "is not the book of this log at this line")
    }
    // The same name in the same memory, as `LineTexts` has it.
    book.origin = log
    self.init(log: log, team: team, opening: book, state: BookText.digest(of: state))
  }
}
