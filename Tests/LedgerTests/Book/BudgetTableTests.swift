import Ledger
import Testing

struct BudgetTableTests {
  private func row(_ subject: BudgetSubject, _ start: Int64, used: Int64 = 0) -> Budget {
    let id = BudgetID(
      scope: subject.scope, subject: subject.bits, period: .month, start: Timestamp(microseconds: start))
    return Budget(
      id: id, end: Timestamp(microseconds: start + 10), limit: nil, used: Credits(used), held: .zero,
      isOverLimit: false)
  }

  @Test func theNewestRowIsTheOneThatStartsLastWhateverTheOrder() {
    let rows = [row(.member(.ada), 10), row(.member(.ada), 30), row(.member(.ada), 20), row(.member(.bob), 40)]
    for order in [rows, rows.reversed()] {
      let table = BudgetTable(order)
      #expect(table.newest(of: .member(.ada)) == rows[1])
      #expect(table.rows(of: .member(.ada)).map(\.id.start.microseconds) == [10, 20, 30])
      #expect(table.count == 4)
      #expect(table.newest(of: .key(.first)) == nil)
    }
  }

  @Test func rowsAreReplacedAndTakenOutByName() {
    var table = BudgetTable([row(.member(.ada), 10), row(.member(.ada), 20)])
    let changed = row(.member(.ada), 10, used: 5)
    table[changed.id] = changed
    #expect(table[changed.id]?.used == Credits(5))
    #expect(table.count == 2)
    table[changed.id] = nil
    #expect(table[changed.id] == nil)
    table[row(.member(.ada), 20).id] = nil
    #expect(table.isEmpty)
    #expect(table == BudgetTable())
  }

  /// Subjects whose ids end alike fall to one place of what was found lately.
  @Test(arguments: [3, 8, 9, 40, 600])
  func everyRowIsFoundHoweverManySubjectsThereAre(count: Int) {
    let subjects = (0..<count).map { place in
      let bits = UInt128(place % 3) << 64 | UInt128(place / 3 * (count == 40 ? 256 : 1))
      return place.isMultiple(of: 2) ? BudgetSubject.member(MemberID(bits: bits)) : .key(KeyID(bits: bits))
    }
    var table = BudgetTable()
    var rows: [BudgetID: Budget] = [:]
    for round in 0..<3 {
      for (place, subject) in subjects.enumerated() {
        var row = row(subject, Int64(10 * round), used: Int64(place))
        table[row.id] = row
        row.used = Credits(Int64(1_000 * round + place))
        table[row.id] = row
        rows[row.id] = row
        if place.isMultiple(of: 7), round == 1 {
          table[row.id] = nil
          rows[row.id] = nil
        }
      }
    }
    #expect(table.count == rows.count && Set(table.keys) == Set(rows.keys))
    for (id, row) in rows { #expect(table[id] == row) }
    for subject in subjects { #expect(table.newest(of: subject)?.id.start.microseconds == 20) }
    #expect(table.newest(of: .team(TeamID(bits: 1))) == nil)
    #expect(table == BudgetTable(rows.values))
    var other = table
    for id in rows.keys.prefix(1) { other[id]?.held = Credits(1) }
    #expect(other != table)
  }

  @Test func theSameRowsMakeTheSameTable() {
    let rows = (0..<20).map { row(.member(.ada), Int64($0 * 10)) }
    #expect(BudgetTable(rows) == BudgetTable(rows.shuffled()))
    #expect(Set(BudgetTable(rows).map(\.key)) == Set(rows.map(\.id)))
  }
}
