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

  @Test func theSameRowsMakeTheSameTable() {
    let rows = (0..<20).map { row(.member(.ada), Int64($0 * 10)) }
    #expect(BudgetTable(rows) == BudgetTable(rows.shuffled()))
    #expect(Set(BudgetTable(rows).map(\.key)) == Set(rows.map(\.id)))
  }
}
