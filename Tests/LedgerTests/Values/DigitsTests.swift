import Ledger
import Testing

struct DigitsTests {
  @Test func numbersAreWrittenAsSwiftWritesThem() {
    var numbers: [UInt64] = [0, .max, UInt64(Int64.max)]
    var power: UInt64 = 1
    for _ in 0..<20 {
      numbers += [power - 1, power, power + 1, power &* 9, power / 7 &* 5]
      power = power.multipliedReportingOverflow(by: 10).overflow ? 1 : power * 10
    }
    for number in numbers {
      let text = String(unsafeUninitializedCapacity: 24) { buffer in
        buffer.baseAddress.map { DecimalDigits.write(number, to: $0) } ?? 0
      }
      #expect(text == String(number))
    }
  }
}
