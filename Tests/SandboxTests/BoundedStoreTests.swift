import Sandbox
import Testing

@Suite struct BoundedStoreTests {
  @Test func storeNeverHoldsMoreThanItMay() {
    var store = BoundedStore<Int, String>(maximumCount: 10, maximumWeight: 100)
    for number in 0..<1_000 {
      store.insert("\(number)", for: number, weight: number % 30)
      #expect(store.count <= 10 && store.weight <= 100)
      #expect(store[number] == "\(number)", "the newest is kept")
    }
  }

  @Test func oldestGoFirst() {
    var store = BoundedStore<Int, Int>(maximumCount: 2, maximumWeight: 100)
    for number in 0..<3 { store.insert(number, for: number, weight: 1) }
    #expect(store[0] == nil && store[1] == 1 && store[2] == 2)
  }

  @Test func replacingCountsOnce() {
    var store = BoundedStore<Int, Int>(maximumCount: 2, maximumWeight: 100)
    for _ in 0..<50 { store.insert(1, for: 1, weight: 60) }
    #expect(store.count == 1 && store.weight == 60)
  }

  @Test func whatIsTooHeavyAloneIsNotKept() {
    var store = BoundedStore<Int, Int>(maximumCount: 2, maximumWeight: 100)
    store.insert(1, for: 1, weight: 50)
    store.insert(2, for: 2, weight: 101)
    #expect(store[1] == 1 && store[2] == nil)
  }
}
