/// The budget rows of a book, found by name, or by subject: the newest row of a subject decides whether a new period
/// must be opened. It reads like a `[BudgetID: Budget]`.
package struct BudgetTable: Hashable, Sendable {
  /// The rows of each subject, by start: at most a few a year, the newest last.
  private var rowsOfSubject: [BudgetSubject: [Budget]] = [:]

  /// An empty table.
  package init() {}

  /// A table of these rows; of two with one name the later is kept.
  package init(_ rows: some Sequence<Budget>) {
    for row in rows { self[row.id] = row }
  }

  /// The row of that name; setting nil takes it out.
  package subscript(id: BudgetID) -> Budget? {
    get {
      // From the newest backwards, since that is nearly always the one asked for.
      rowsOfSubject[id.owner]?.last { $0.id == id }
    }
    set {
      rowsOfSubject[id.owner, default: []].put(newValue, as: id)
      if rowsOfSubject[id.owner]?.isEmpty == true { rowsOfSubject[id.owner] = nil }
    }
  }

  /// Where a row is, until the table gets or loses one: finding it is most of the work.
  struct Place {
    fileprivate let subject: Dictionary<BudgetSubject, [Budget]>.Index
    fileprivate let position: Int
  }

  /// Where the row of that name is.
  func place(of id: BudgetID) -> Place? {
    guard let subject = rowsOfSubject.index(forKey: id.owner) else { return nil }
    return rowsOfSubject.values[subject].lastIndex { $0.id == id }.map { Place(subject: subject, position: $0) }
  }

  /// Where the newest row of a subject is.
  func newestPlace(of subject: BudgetSubject) -> Place? {
    guard let subject = rowsOfSubject.index(forKey: subject) else { return nil }
    // No subject is kept without a row.
    return Place(subject: subject, position: rowsOfSubject.values[subject].count - 1)
  }

  /// The row at a place, which must have been asked for since the table last got or lost a row.
  subscript(place: Place) -> Budget {
    get { rowsOfSubject.values[place.subject][place.position] }
    set { rowsOfSubject.values[place.subject][place.position] = newValue }
  }

  /// The newest row of a subject: the one that starts last.
  package func newest(of subject: BudgetSubject) -> Budget? {
    rowsOfSubject[subject]?.last
  }

  /// All rows of a subject, by start.
  package func rows(of subject: BudgetSubject) -> [Budget] {
    rowsOfSubject[subject] ?? []
  }

  /// All rows, in no particular order.
  package var values: [Budget] {
    rowsOfSubject.values.flatMap(\.self)
  }

  /// The names of all rows, in no particular order.
  package var keys: [BudgetID] {
    values.map(\.id)
  }

  /// How many rows there are.
  package var count: Int {
    rowsOfSubject.values.reduce(0) { $0 + $1.count }
  }

  /// Whether there is none.
  package var isEmpty: Bool {
    rowsOfSubject.isEmpty
  }
}

extension BudgetTable: ExpressibleByDictionaryLiteral {
  /// A table of the rows written out as names and rows.
  package init(dictionaryLiteral elements: (BudgetID, Budget)...) {
    self.init(elements.map(\.1))
  }
}

extension BudgetTable: Sequence {
  /// Goes through all rows as a dictionary would, in no particular order.
  package func makeIterator() -> IndexingIterator<[(key: BudgetID, value: Budget)]> {
    values.map { (key: $0.id, value: $0) }.makeIterator()
  }
}

extension [Budget] {
  /// Replaces, adds or takes out the row called `id`, keeping the order by start.
  fileprivate mutating func put(_ row: Budget?, as id: BudgetID) {
    if let position = lastIndex(where: { $0.id == id }) {
      if let row {
        self[position] = row
      } else {
        remove(at: position)
      }
    } else if let row {
      let position = lastIndex { $0.id < id }.map { $0 + 1 } ?? 0
      insert(row, at: position)
    }
  }
}
