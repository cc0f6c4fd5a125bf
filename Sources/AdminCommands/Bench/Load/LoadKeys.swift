import Foundation
import Gateway

/// The API keys of a load: a file with one on each line. Empty lines and lines that begin with # are skipped.
enum LoadKeys {
  /// Reads them. Throws `CommandFailure` that names the line at fault, never the key.
  static func read(_ path: String) throws -> [String] {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(.usage, "the file of --key-file cannot be read: \(path)")
    }
    var keys: [String] = []
    for (number, line) in String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    ).enumerated() {
      let text = line.trimmingCharacters(in: .whitespacesAndNewlines)
      guard !text.isEmpty, !text.hasPrefix("#") else { continue }
      guard APIKey(text) != nil else {
        throw CommandFailure(.usage, "line \(number + 1) of \(path) is no API key")
      }
      keys.append(text)
    }
    guard !keys.isEmpty else { throw CommandFailure(.usage, "there is no API key in \(path)") }
    return keys
  }
}
