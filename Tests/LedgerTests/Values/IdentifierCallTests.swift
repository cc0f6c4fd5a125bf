import Ledger
import Testing

@Suite struct IdentifierCallTests {
  /// Six words fill the registers, so that the id and one more word go on the stack. With a `UInt128` in the id, an
  /// `async` function of this shape that suspends crashes its thread on its return (Swift 6.3, x86-64).
  @Test func idsAreSafeArgumentsOfAsyncFunctions() async {
    await withTaskGroup(of: Bool.self) { group in
      for number in 0..<8 {
        group.addTask {
          let id = RecordID(bits: UInt128(number) << 64 | 7)
          for _ in 0..<20 where await last(1, 2, 3, 4, 5, 6, id, number) != number { return false }
          return true
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }
}

@inline(never)
private func last(
  _ a: Int, _ b: Int, _ c: Int, _ d: Int, _ e: Int, _ f: Int, _ id: RecordID, _ g: Int
) async -> Int {
  await Task.yield()
  return a + b + c + d + e + f == 21 && id.bits >> 64 == UInt128(g) ? g : -1
}
