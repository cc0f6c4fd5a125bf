import Audit
import Foundation

/// Where the texts of a contradiction are written: a case is never written over another one.
enum EvidenceFolder {
  /// The most folders that are tried.
  private static let maximumTries = 1000

  /// Writes the texts into the folder `path`, or, where that has others of these names, into the first of `path-2`, `path-3`, …
  /// that has not. Answers the folder. The same texts again are left as they are.
  ///
  /// Throws where a file cannot be written, or no folder is free.
  static func write(_ texts: [Verification.Evidence], to path: String) throws -> String {
    var path = path
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
    for number in 1...maximumTries {
      let folder = number == 1 ? path : "\(path)-\(number)"
      guard try write(texts, into: folder) else { continue }
      return folder
    }
    throw CommandFailure(.failed, "\(maximumTries) folders beside \(path) hold other evidence")
  }

  /// Answers false where a file of these names holds something else.
  private static func write(_ texts: [Verification.Evidence], into folder: String) throws -> Bool {
    let files = texts.map { (path: "\(folder)/\($0.name)", data: Data($0.text)) }
    var missing: [(path: String, data: Data)] = []
    for file in files {
      if (try? FileManager.default.attributesOfItem(atPath: file.path)) == nil {
        missing.append(file)
      } else if FileManager.default.contents(atPath: file.path) != file.data {
        return false
      }
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // Should two checks begin at once, the second one fails instead of writing over the first.
    for file in missing { try file.data.write(to: URL(filePath: file.path), options: .withoutOverwriting) }
    return true
  }
}
