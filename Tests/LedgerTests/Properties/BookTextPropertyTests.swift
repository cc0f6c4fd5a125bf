import Ledger
import Testing

/// Whoever has the text of a book and the lines behind it has the books: random histories are cut anywhere.
struct BookTextPropertyTests {
  private static let sequencesPerBatch = 40
  private static let stepsPerSequence = 60

  @Test(arguments: 0..<16)
  func aHistoryGoesOnFromTheTextOfItsBook(batch: Int) {
    for index in 0..<Self.sequencesPerBatch {
      let seed = testSeed &+ UInt64(batch * Self.sequencesPerBatch + index)
      do {
        if let failure = try Self.failure(of: seed) {
          Issue.record("TALLY_TEST_SEED=\(seed): \(failure)")
          return
        }
      } catch {
        Issue.record("TALLY_TEST_SEED=\(seed): \(error)")
        return
      }
    }
  }

  /// The cuts are of use only if lines behind them tell of edits that were resolved before.
  @Test func linesTellOfForgottenEdits() throws {
    var credits = 0
    var proofs = 0
    for seed in 1...300 as ClosedRange<UInt64> {
      let lines = Self.history(of: seed)
      var book = try TeamBook.replay(lines: lines.prefix(1))
      for line in lines.dropFirst() {
        book.forgetResolved()
        switch try book.replay(line).1 {
        case .credited: credits += 1
        case .evidence: proofs += 1
        default: continue
        }
      }
    }
    #expect(credits > 30)
    #expect(proofs > 30)
  }

  private static func history(of seed: UInt64) -> [[UInt8]] {
    var team = RandomTeam(seed: seed)
    for _ in 0..<stepsPerSequence {
      let command = team.nextCommand()
      let context = team.team.context()
      guard let decision = try? team.team.book.decide(command, context) else { continue }
      try? team.run(decision, context)
    }
    return team.team.lines
  }

  private static func failure(of seed: UInt64) throws -> String? {
    let lines = history(of: seed)
    let whole = try TeamBook.replay(lines: lines)
    let text = BookText.write(whole)
    var generator = SeededGenerator(seed: seed)
    var book = try TeamBook.replay(lines: lines.prefix(1))
    for (index, line) in lines.enumerated().dropFirst() {
      // At each line the book is as a reader of its text has it: with all edits, or with some or all resolved ones gone.
      switch Int.random(in: 0..<4, using: &generator) {
      case 0:
        let read = try BookText.read(BookText.write(book))
        book.forgetResolved()
        guard read == book else { return "line \(index): another book is read" }
        book = read
      case 1: book.forgetResolved()
      default: break
      }
      try book.replay(line)
      if let violation = book.checkInvariants().first { return "line \(index): \(violation)" }
    }
    guard BookText.write(book) == text else { return "it comes to another book" }
    guard
      try BookText.read(text)
        == {
          var book = whole
          book.forgetResolved()
          return book
        }()
    else {
      return "the last book reads back as another"
    }
    return nil
  }
}
