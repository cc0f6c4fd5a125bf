/// The budget rows of a book, found by name, or by subject: the newest row of a subject decides whether a new period
/// must be opened. It reads like a `[BudgetID: Budget]`.
package struct BudgetTable: Sendable {
  /// The rows of each subject, by start: at most a few a year, the newest last. A subject whose last row was taken out keeps
  /// its place.
  private var lists: [[Budget]] = []
  /// Where the rows of each subject are.
  private var places: [BudgetSubject: Int] = [:]
  /// Where the rows are that were put lately, by the bits of their subjects: nearly always those that are asked for next.
  /// Empty in a small table, as a store loads it.
  private var recent: [Int] = []

  /// A power of two: more than there are members at work at once, mostly.
  private static let recentCount = 1_024
  /// How many subjects a small table has.
  private static let smallCount = 8

  /// An empty table.
  package init() {}

  /// A table of these rows; of two with one name the later is kept.
  package init(_ rows: some Sequence<Budget>) {
    for row in rows { self[row.id] = row }
  }

  /// The row of that name; setting nil takes it out.
  package subscript(id: BudgetID) -> Budget? {
    get { place(of: id).map { self[$0] } }
    set {
      if let list = list(of: id.owner) {
        lists[list].put(newValue, as: id)
      } else if let newValue {
        places[id.owner] = lists.count
        lists.append([newValue])
        if recent.isEmpty, lists.count > BudgetTable.smallCount {
          recent = Array(repeating: 0, count: BudgetTable.recentCount)
        }
      }
    }
  }

  /// Where a row is, until the table gets or loses one: finding it is most of the work.
  struct Place {
    fileprivate let list: Int
    fileprivate let position: Int
  }

  /// Where the row of that name is.
  func place(of id: BudgetID) -> Place? {
    guard let list = list(of: id.owner) else { return nil }
    // From the newest backwards, since that is nearly always the one asked for.
    var position = lists[list].count - 1
    while position >= 0, lists[list][position].id != id { position -= 1 }
    return position < 0 ? nil : Place(list: list, position: position)
  }

  /// Where the newest row of a subject is.
  func newestPlace(of subject: BudgetSubject) -> Place? {
    guard let list = list(of: subject), case let count = lists[list].count, count > 0 else { return nil }
    return Place(list: list, position: count - 1)
  }

  /// The row at a place, which must have been asked for since the table last got or lost a row.
  subscript(place: Place) -> Budget {
    get { lists[place.list][place.position] }
    set {
      lists[place.list][place.position] = newValue
      if !recent.isEmpty { recent[BudgetTable.recentPlace(of: newValue.id.subject)] = place.list }
    }
  }

  private func list(of subject: BudgetSubject) -> Int? {
    if !recent.isEmpty {
      let list = recent[BudgetTable.recentPlace(of: subject.bits)]
      if lists[list].first?.id.owner == subject { return list }
    }
    return places[subject]
  }

  private static func recentPlace(of bits: UInt128) -> Int {
    Int(truncatingIfNeeded: bits) & (recentCount - 1)
  }

  /// The newest row of a subject: the one that starts last.
  package func newest(of subject: BudgetSubject) -> Budget? {
    newestPlace(of: subject).map { self[$0] }
  }

  /// All rows of a subject, by start.
  package func rows(of subject: BudgetSubject) -> [Budget] {
    list(of: subject).map { lists[$0] } ?? []
  }

  /// All rows, in no particular order.
  package var values: [Budget] {
    lists.flatMap(\.self)
  }

  /// The names of all rows, in no particular order.
  package var keys: [BudgetID] {
    values.map(\.id)
  }

  /// How many rows there are.
  package var count: Int {
    lists.reduce(0) { $0 + $1.count }
  }

  /// Whether there is none.
  package var isEmpty: Bool {
    lists.allSatisfy(\.isEmpty)
  }
}

extension BudgetTable: Equatable {
  /// Whether both have the same rows, in whatever order they came.
  package static func == (left: BudgetTable, right: BudgetTable) -> Bool {
    left.count == right.count && left.lists.joined().allSatisfy { right[$0.id] == $0 }
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
