import EmbeddedPostgres
import Foundation

/// The temporary folders of test clusters.
enum TestFolders {
  private static let root = "/tmp"
  private static let prefix = "tally-test-"
  /// A younger folder may be one that is just being made.
  private static let minimumAgeSeconds: TimeInterval = 600

  /// Makes a folder that also the server's account can reach.
  static func make() throws -> String {
    let path = "\(root)/\(prefix)\(UUID().uuidString.lowercased())"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    return path
  }

  /// Removes the folders of processes that were killed before they could do it themselves.
  static func sweep() {
    let files = FileManager.default
    for name in (try? files.contentsOfDirectory(atPath: root)) ?? [] where name.hasPrefix(prefix) {
      let path = root + "/" + name
      guard (try? DataFolderLock.isHeld(path)) == false else { continue }
      // A holder's name without its lock is a dead holder's. Without a name the folder may be one that is just being made.
      let hadHolder = (try? DataFolderLock.holder(of: path)) != nil
      let made = (try? files.attributesOfItem(atPath: path))?[.modificationDate] as? Date ?? .now
      guard hadHolder || Date.now.timeIntervalSince(made) > minimumAgeSeconds else { continue }
      try? files.removeItem(atPath: path)
    }
  }
}
