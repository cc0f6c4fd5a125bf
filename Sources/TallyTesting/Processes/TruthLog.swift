package import Foundation

/// The sandbox's own list of the calls that reached it, written before each answer.
package struct TruthLog: Sendable {
  /// The file, one JSON object a line.
  package let file: URL

  /// One call.
  package struct Call: Decodable, Sendable {
    /// IMAGE_EDITOR, ASSET or RESULT.
    package var type: String
    /// The upstream's id of the work.
    package var uuid: String?
    /// Tally's record.
    package var requestId: String?
    /// Whether work was done.
    package var worked: Bool
    /// What the work costs.
    package var credits: Int64?
    /// Status that was answered; nil: none.
    package var answered: Int?
  }

  /// The log in `file`.
  package init(file: URL) {
    self.file = file
  }

  /// Every call so far; none when there is no file yet.
  ///
  /// Throws when a line is no such object.
  package func calls() throws -> [Call] {
    guard let text = try? Data(contentsOf: file) else { return [] }
    return try text.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Call.self, from: Data($0)) }
  }

  /// The edits among them.
  package func edits() throws -> [Call] {
    try calls().filter { $0.type == "IMAGE_EDITOR" }
  }
}
