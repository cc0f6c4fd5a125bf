import ArgumentParser
import Ledger

/// `--at 50,80,100`.
package struct ThresholdsArgument: Hashable, Sendable {
  /// The thresholds in percent, ascending, each once.
  package var percents: [Int64]

  /// What the option takes.
  static let rule =
    "whole percents from 1 to \(AlertChanged.thresholdMaximum), at most \(AlertChanged.thresholdsMaximum) of them, each once"

  /// Reads numbers with commas between them; blanks around them do not count. Throws `ValidationError` that says which rule
  /// is broken.
  package init(parsing text: String) throws {
    let words = text.listedWords
    let numbers = words.compactMap { WholeNumber.parse($0) }.filter { (1...AlertChanged.thresholdMaximum).contains($0) }
    let known = Set(numbers)
    guard numbers.count == words.count, known.count == numbers.count, known.count <= AlertChanged.thresholdsMaximum
    else { throw ValidationError("it takes \(Self.rule), such as 50,80,100") }
    percents = known.sorted()
  }
}

extension String {
  /// The words between commas, without blanks around them.
  var listedWords: [Substring] {
    split(separator: ",", omittingEmptySubsequences: false).map { word in
      let start = word.drop { $0 == " " }
      return start.prefix(
        (start.lastIndex { $0 != " " }.map { start.distance(from: start.startIndex, to: $0) + 1 }) ?? 0)
    }
  }
}
