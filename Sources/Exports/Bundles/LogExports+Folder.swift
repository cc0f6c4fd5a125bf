package import Audit
import Foundation
import LedgerStore

/// Bundles in a folder, for the command line.
extension LogExports {
  /// Writes the lines that a bundle still wants, and ends it.
  /// - Parameter progress: is told how many lines of how many are in it.
  /// - Throws: `StoreError`, `ExportError`, `BundleFault`, `FileError`; `ExportFailure.damaged`, which names the first line
  ///   that is not the one that was written, where one shows.
  package func fill(
    _ writer: BundleWriter, progress: (_ lines: Int64, _ of: Int64) -> Void
  ) async throws -> BundleManifest {
    let range = writer.range
    // By its name, since another log may have taken its place since the bundle was begun.
    let log = try await store.log(of: range.team, named: writer.log)
    do {
      let rest = log.range(from: writer.nextIndex, to: range.to)
      try await store.readLines(rest, withSecrets: range.hasSecrets, pace: pace) { chunk in
        try append(chunk, to: writer)
        progress(writer.nextIndex - range.from, range.to - range.from)
      }
      return try writer.finish()
    } catch let error where error is BundleFault || error is ExportError {
      guard try await store.firstAlteredLine(of: log, from: range.from, to: range.to) != nil else { throw error }
      throw try await damage(of: log, from: range.from, to: range.to)
    }
  }

  /// Hands the lines of a chunk to a bundle, each with what is personal in it.
  func append(_ chunk: LogChunk, to writer: BundleWriter) throws {
    var secrets = chunk.secrets[...]
    try chunk.forEachLine { index, line in
      var secret: LineSecret?
      if let next = secrets.first, next.index == index {
        secret = LineSecret(salt: next.salt, payload: next.payload)
        secrets.removeFirst()
      }
      try writer.append(Array(line), secret: secret)
    }
  }
}
