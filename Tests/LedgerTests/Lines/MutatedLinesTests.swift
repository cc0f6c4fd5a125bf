import Ledger
import Testing

/// Lines as an attacker sends them: each is refused, or read for exactly what it says.
struct MutatedLinesTests {
  private func mutation(of line: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var line = line
    for _ in 0..<Int.random(in: 1...3, using: &random) where !line.isEmpty {
      let place = Int.random(in: 0..<line.count, using: &random)
      let end = min(line.count, place + Int.random(in: 1...12, using: &random))
      switch Int.random(in: 0...7, using: &random) {
      case 0: line[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
      case 1: line[place] = UInt8.random(in: UInt8(ascii: "0")...UInt8(ascii: "9"), using: &random)
      case 2: line.removeSubrange(place..<end)
      case 3: line.insert(UInt8.random(in: 0...255, using: &random), at: place)
      case 4: line.insert(contentsOf: line[place..<end], at: place)
      case 5: line[place] = Array("\"{}[],:\\ \n\0+-.eE".utf8).randomElement(using: &random) ?? 0
      case 6: line.replaceSubrange(place..<end, with: Array("null".utf8))
      default: line.removeSubrange(place...)
      }
    }
    return line
  }

  @Test(
    "A line that reads is the bytes that it was read from, and no other bytes end the reader", arguments: 0..<4)
  func mutatedLinesAreRefused(round: UInt64) throws {
    let seed = testSeed &+ round
    var random = SeededGenerator(seed: seed)
    let lines = try GoldenLog.stored()
    var read = 0
    for _ in 0..<8_000 {
      let line = mutation(of: try #require(lines.randomElement(using: &random)), &random)
      guard let (header, event) = try? Line.parse(line) else { continue }
      read += 1
      #expect(Line.write(event, header) == line, "seed \(seed)")
    }
    #expect(read > 0)
  }

  @Test("What lines before had changes nothing in how a line is read, or why it is not", arguments: 0..<4)
  func knownTextsChangeNothing(round: UInt64) throws {
    struct Read: Equatable {
      var header: LineHeader?
      var event: Event?
      var error: LineError?

      init(_ body: () throws(LineError) -> (LineHeader, Event)) {
        do {
          (header, event) = try body()
        } catch {
          self.error = error
        }
      }
    }
    let seed = testSeed &+ round
    var random = SeededGenerator(seed: seed)
    let lines = try GoldenLog.stored()
    let texts = LineTexts()
    let handedTexts = LineTexts()
    for number in 0..<8_000 {
      var line = try #require(lines.randomElement(using: &random))
      if number.isMultiple(of: 3) { line = mutation(of: line, &random) }
      // In a larger buffer, as its reader has it.
      let buffer = line + Array("\n{\"action\":".utf8)
      let known = buffer.withUnsafeBytes { bytes in
        Read { () throws(LineError) in
          try Line.parse(UnsafeRawBufferPointer(rebasing: bytes[..<line.count]), texts: texts)
        }
      }
      let alone = Read { () throws(LineError) in try Line.parse(line) }
      #expect(known == alone, "seed \(seed)")
      // Whoever takes lines one after the other is told the same of them.
      let handed = buffer.withUnsafeBytes { bytes in
        Read { () throws(LineError) in
          try TakenEvent(UnsafeRawBufferPointer(rebasing: bytes[..<line.count]), texts: handedTexts).told
        }
      }
      #expect(handed == alone, "seed \(seed)")
    }
  }

  @Test("The text of a book that reads is the bytes that it was read from", arguments: 0..<4)
  func mutatedBooksAreRefused(round: UInt64) throws {
    let seed = testSeed &+ round
    var random = SeededGenerator(seed: seed)
    let text = BookText.write(try TeamBook.replay(lines: try GoldenLog.stored()))
    for _ in 0..<8_000 {
      let bytes = mutation(of: text, &random)
      guard let book = try? BookText.read(bytes) else { continue }
      #expect(BookText.write(book) == bytes, "seed \(seed)")
    }
  }
}

/// Takes one line.
private struct TakenEvent: LineTaker {
  private var taken: [(LineHeader, Event)] = []

  /// The line in `bytes`. Throws where it is none.
  init(_ bytes: UnsafeRawBufferPointer, texts: LineTexts) throws(LineError) {
    do {
      try Line.read(bytes, texts: texts, into: &self)
    } catch let error as LineError {
      throw error
    } catch {
      Issue.record("\(error)")
    }
  }

  /// What it was told.
  var told: (LineHeader, Event) { taken[taken.count - 1] }

  mutating func take(_ event: EditHeld, _ header: LineHeader) { taken.append((header, .held(event))) }
  mutating func take(_ event: EditSettled, _ header: LineHeader) { taken.append((header, .settled(event))) }
  mutating func take(_ event: Event, _ header: LineHeader) {
    switch event {
    case .held, .settled: Issue.record("handed over as any other event")
    default: taken.append((header, event))
    }
  }
}
