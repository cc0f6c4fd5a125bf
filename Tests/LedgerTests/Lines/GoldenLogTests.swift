import Ledger
import Testing

/// The bytes of lines are permanent from the first release on (docs/audit.md): these tests fail when one changes.
struct GoldenLogTests {
  @Test func everyLineIsWrittenAsItAlwaysWas() throws {
    let stored = try GoldenLog.stored().map { String(decoding: $0, as: UTF8.self) }
    let written = try GoldenLog.written().lines.map { String(decoding: $0, as: UTF8.self) }
    for (index, line) in written.enumerated() {
      #expect(index < stored.count && Array(stored[index].utf8) == Array(line.utf8), "line \(index) is now\n\(line)")
    }
    #expect(stored.count == written.count)
  }

  @Test func everyFirstLineOfARecoveredLogIsWrittenAsItAlwaysWas() throws {
    let stored = try GoldenLog.storedRecoveries().map { String(decoding: $0, as: UTF8.self) }
    let written = try GoldenLog.writtenRecoveries().map { String(decoding: $0, as: UTF8.self) }
    #expect(stored == written)
  }

  @Test func everyLineOfTheOperatorsLogIsWrittenAsItAlwaysWas() throws {
    let stored = try GoldenLog.storedOperators().map { String(decoding: $0, as: UTF8.self) }
    let written = try GoldenLog.writtenOperators().lines.map { String(decoding: $0, as: UTF8.self) }
    for (index, line) in written.enumerated() {
      #expect(index < stored.count && Array(stored[index].utf8) == Array(line.utf8), "line \(index) is now\n\(line)")
    }
    #expect(stored.count == written.count)
    let book = try TeamBook.replay(lines: try GoldenLog.storedOperators())
    #expect(book == (try GoldenLog.writtenOperators().book))
  }

  @Test func everyLineOfReportsAlertsAndRetentionIsWrittenAsItAlwaysWas() throws {
    let stored = try GoldenLog.storedReports().map { String(decoding: $0, as: UTF8.self) }
    let written = try GoldenLog.writtenReports().lines.map { String(decoding: $0, as: UTF8.self) }
    for (index, line) in written.enumerated() {
      #expect(index < stored.count && Array(stored[index].utf8) == Array(line.utf8), "line \(index) is now\n\(line)")
    }
    #expect(stored.count == written.count)
    #expect(try TeamBook.replay(lines: try GoldenLog.storedReports()) == (try GoldenLog.writtenReports().book))
  }

  @Test func everyActionHasALine() throws {
    let actions = try allStored().map { try Line.parse($0).1.action }
    #expect(Set(actions) == Set(Action.allCases))
  }

  @Test func everyLineReadsBackToItself() throws {
    for line in try allStored() {
      let (header, event) = try Line.parse(line)
      #expect(Line.write(event, header) == line)
    }
  }

  @Test func theLogReplaysToTheBook() throws {
    let book = try TeamBook.replay(lines: try GoldenLog.stored())
    #expect(book == (try GoldenLog.written().book))
    #expect(book.checkInvariants() == [])
  }

  @Test func keysAreSortedBytewiseAndNoByteIsWasted() throws {
    for line in try allStored() {
      #expect(!line.contains { $0 <= 0x20 || $0 >= 0x7F || $0 == UInt8(ascii: "\\") })
      #expect(line.count < 4_096)
      for keys in keysOfObjects(in: line) {
        let sorted = keys.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        #expect(keys == sorted)
        #expect(Set(keys).count == keys.count)
      }
    }
  }

  private func allStored() throws -> [[UInt8]] {
    try GoldenLog.stored() + GoldenLog.storedRecoveries() + GoldenLog.storedOperators() + GoldenLog.storedReports()
  }

  /// The keys of each object of a JSON text without escapes, in their order.
  private func keysOfObjects(in line: [UInt8]) -> [[String]] {
    var open: [[String]] = []
    var closed: [[String]] = []
    var text: [UInt8] = []
    var isInText = false
    for (position, byte) in line.enumerated() {
      switch byte {
      case UInt8(ascii: "\""):
        isInText.toggle()
        if isInText {
          text = []
        } else if line[position + 1] == UInt8(ascii: ":") {
          open[open.count - 1].append(String(decoding: text, as: UTF8.self))
        }
      case _ where isInText: text.append(byte)
      case UInt8(ascii: "{"): open.append([])
      case UInt8(ascii: "}"): closed.append(open.removeLast())
      default: continue
      }
    }
    return closed
  }
}
