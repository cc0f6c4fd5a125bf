package import Ledger

extension Verification {
  /// What is told of a bundle beside the verdict.
  package struct Findings: Sendable {
    /// What vouches for the book that the range begins with.
    package enum Opening: String, Sendable {
      /// Nothing has to: the range begins with its log's creation, or is empty.
      case none
      /// The operator's word: the range's first line names its hash, and whoever signs lines could name any.
      case word
      /// The lines of the bundle before, which lead to it.
      case previous
    }

    /// A receipt that nothing was compared with.
    package struct Uncompared: Sendable, Hashable {
      /// The log that it is of.
      package var log: String
      /// The line that it is for.
      package var index: Int64
    }

    /// What vouches for the opening book.
    package var opening = Opening.none
    /// Receipts for lines that the bundle does not hold.
    package var uncompared: [Uncompared] = []
    /// Those of `README.txt` and `verify.sh` that are not as this program writes them.
    package var foreignTexts: [String] = []
    /// How many lines have no payload in a bundle with payloads: they were erased, or are withheld.
    package var missingPayloads: Int64?
    /// What the log says of the one whose place it took; nil where the range does not tell of one.
    package var recovered: LogRecovered?
    /// The first line of which the books are wrong, where the bundle was altered besides.
    package var bookFault: BookFault?

    /// What a reader of a bundle that begins at `from` has to know, as ends of a sentence.
    func words(from: Int64) -> [String] {
      var words: [String] = []
      if let recovered {
        let known =
          recovered.knownSize.map { "the newest known head of which has \($0) lines" } ?? "no head of which is known"
        words.append("this log took the place of \(recovered.oldLog), \(known)")
      }
      if opening == .word {
        words.append(
          "the opening book at line \(from) is the operator's word"
            + (from > 0 ? ": give the bundle that ends there with --previous" : ""))
      }
      if let missingPayloads, missingPayloads > 0 {
        words.append(
          "\(missingPayloads) \(missingPayloads == 1 ? "line has" : "lines have") no payload: erased, or withheld")
      }
      if !foreignTexts.isEmpty {
        words.append(
          "\(foreignTexts.joined(separator: " and ")) \(foreignTexts.count > 1 ? "are" : "is") not as this program writes "
            + "\(foreignTexts.count > 1 ? "them" : "it"): do not rely on \(foreignTexts.count > 1 ? "them" : "it")")
      }
      return words
    }
  }

  /// Adds words to the end of the sentence.
  mutating func add(_ words: String) {
    if sentence.utf8.last == UInt8(ascii: ".") { sentence.removeLast() }
    sentence += "; \(words)."
  }
}
