import Ledger

extension LoadedTeam {
  /// Makes sure that the book is whole, so that its hash may stand in a line: it was loaded so, no part of it was cut off,
  /// and no open edit is missing, which the sums of its budgets would show.
  /// - Throws: `conflict` where it is too large or does not balance.
  func requireWholeBook() throws(StoreError) {
    var whole = book
    whole.forgetResolved()
    let rows = whole.members.count + whole.keys.count + whole.budgets.count + whole.records.count
    guard isWhole else { throw StoreError(.database) }
    guard rows <= BookText.rowCountMaximum else {
      throw StoreError(.conflict("the team's books have more than \(BookText.rowCountMaximum) rows"))
    }
    guard whole.checkInvariants().isEmpty else {
      throw StoreError(.conflict("the team's books do not balance; `tally ledger check` says where"))
    }
  }
}
