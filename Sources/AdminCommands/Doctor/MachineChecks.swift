import EmbeddedPostgres
import Foundation
import Postgres
import TransparencyLog

/// What `tally doctor` asks of the machine.
enum MachineChecks {
  /// Oldest libpq whose pipeline mode is used.
  private static let minimumLibraryVersion = 150_000
  /// Below this the embedded database will soon stop: one write-ahead log before a checkpoint has up to 4 GB.
  private static let comfortableFreeBytes: Int64 = 5 << 30
  /// Below this nothing should be started.
  private static let minimumFreeBytes: Int64 = 256 << 20

  /// The client library.
  static func clientLibrary() -> HealthCheck {
    let version = ClientLibrary.version
    let text = "libpq \(version / 10_000).\(version % 10_000)"
    return version >= minimumLibraryVersion
      ? HealthCheck("libpq", .ok, text) : HealthCheck("libpq", .fail, "\(text); version 15 or later is needed")
  }

  /// The server's programs, needed for an embedded database only.
  static func serverPrograms(isEmbedded: Bool) async -> HealthCheck {
    guard isEmbedded else {
      return HealthCheck("postgresql programs", .ok, "not needed with a database URL")
    }
    return await HealthCheck.running("postgresql programs") {
      let server = try await InstalledServer.find()
      return HealthCheck("postgresql programs", .ok, "PostgreSQL \(server.majorVersion) in \(server.folder)")
    }
  }

  /// The data folder.
  static func dataFolder(_ folder: DataFolder) -> HealthCheck {
    let path = folder.url.path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return HealthCheck("data folder", .warn, "\(path) is not there; the first start makes it")
    }
    guard isFolder.boolValue, FileManager.default.isWritableFile(atPath: path) else {
      return HealthCheck("data folder", .fail, "\(path) is no folder that can be written")
    }
    return HealthCheck("data folder", .ok, path)
  }

  /// Room on the data folder's disk.
  static func diskSpace(_ folder: DataFolder) -> HealthCheck {
    var existing = folder.url
    while !FileManager.default.fileExists(atPath: existing.path), existing.path != "/" {
      existing.deleteLastPathComponent()
    }
    guard let attributes = try? FileManager.default.attributesOfFileSystem(forPath: existing.path),
      let free = (attributes[.systemFreeSize] as? NSNumber)?.int64Value
    else { return HealthCheck("disk space", .warn, "unknown") }
    let text = "\(free >> 20) MiB free"
    if free < minimumFreeBytes { return HealthCheck("disk space", .fail, text) }
    return HealthCheck("disk space", free < comfortableFreeBytes ? .warn : .ok, text)
  }

  /// The signing keys. An embedded service makes them itself.
  static func signingKeys(_ files: KeyFiles, logName: String, isEmbedded: Bool) -> HealthCheck {
    do {
      var keys = try [files.signingKey, files.receiptKey].map { try KeyFiles.key(in: $0, named: logName).verifierKey }
      for previous in [files.previousSigningKey, files.previousReceiptKey]
      where FileManager.default.fileExists(atPath: previous.path) {
        keys.append("\(try KeyFiles.key(in: previous, named: logName).verifierKey) (previous)")
      }
      return HealthCheck("signing keys", .ok, keys.joined(separator: ", "))
    } catch {
      guard !files.areComplete else {
        return HealthCheck("signing keys", .fail, CommandFailure(error)?.message ?? "\(error)")
      }
      return HealthCheck(
        "signing keys", .warn,
        isEmbedded ? "not made yet; the first start makes them" : "not made yet; run `tally keys init`")
    }
  }
}
