import Foundation
import Ledger
import TransparencyLog

/// The files of a bundle, as its reader finds them.
struct BundleFiles {
  let folder: String
  /// Whether files must have the size and hash that the manifest says.
  var checksHashes = true

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// The manifest, once its file and that of the sums were found to be what they must be. Throws a `BundleFault`, and a
  /// `FileError`.
  func manifest() throws -> BundleManifest {
    let bytes = try WholeFile.read(path(BundleFile.manifest), maximumBytes: BundleManifest.maximumBytes)
    let sums = try WholeFile.read(path(BundleFile.sums), maximumBytes: BundleManifest.maximumBytes)
    let own = Array("\(FileHash.hexadecimal(of: bytes))  \(BundleFile.manifest)\n".utf8)
    guard sums.starts(with: own) else {
      throw BundleFault(BundleFile.manifest, "does not have the SHA-256 that \(BundleFile.sums) says")
    }
    let manifest = try BundleManifest(bytes: bytes)
    guard manifest.sums == sums else {
      throw BundleFault(BundleFile.sums, "does not hold the hashes of the manifest")
    }
    return manifest
  }

  /// The manifest as it stands there, whatever the sums say. Throws a `BundleFault`, and a `FileError`.
  func manifestAlone() throws -> BundleManifest {
    try BundleManifest(bytes: try WholeFile.read(path(BundleFile.manifest), maximumBytes: BundleManifest.maximumBytes))
  }

  /// Throws a `BundleFault` where the folder has anything that the manifest does not name: a reader would take it for what
  /// was signed. So would one of a link that leads to other bytes tomorrow, or nowhere once the bundle is copied.
  func checkNames(_ manifest: BundleManifest) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    where manifest.file(name) == nil && name != BundleFile.manifest && name != BundleFile.sums {
      throw BundleFault(Token.isValid(name) ? name : "a file of an odd name", "is not named in the manifest")
    }
    for name in manifest.files.map(\.name) + [BundleFile.manifest, BundleFile.sums] where OpenFile.isLink(path(name)) {
      throw BundleFault(name, "is a link, and no regular file")
    }
  }

  /// Those of the two files for people that are not the ones that this program writes: they prove nothing, and another
  /// version may have written them. Throws a `BundleFault`, and a `FileError`.
  func foreignTexts(_ manifest: BundleManifest) throws -> [String] {
    let own = [(BundleFile.readMe, PackageResources.README_txt), (BundleFile.script, PackageResources.verify_sh)]
    return try own.filter { try read($0.0, manifest, maximumBytes: BundleVerifier.maximumSmallBytes) != $0.1 }.map(\.0)
  }

  /// A file as a whole, once its size and hash were found to be the manifest's. Throws a `BundleFault`, and a `FileError`.
  func read(_ name: String, _ manifest: BundleManifest, maximumBytes: Int) throws -> [UInt8] {
    guard let file = manifest.file(name) else { throw BundleFault(name, "is not named in the manifest") }
    guard checksHashes else { return try WholeFile.read(path(name), maximumBytes: maximumBytes) }
    // Not a byte more than it can be right with, however long it is.
    let bytes = try WholeFile.read(
      path(name), maximumBytes: Int(clamping: min(Int64(maximumBytes), max(file.bytes, 0))))
    try BundleFiles.check(file, bytes: Int64(bytes.count), sha256: FileHash.hexadecimal(of: bytes))
    return bytes
  }

  /// Throws a `BundleFault` unless the file is of that size and hash.
  static func check(_ file: BundleManifest.File, bytes: Int64, sha256: String) throws(BundleFault) {
    guard file.bytes == bytes, file.sha256.utf8.elementsEqual(sha256.utf8) else {
      throw BundleFault(file.name, "does not have the size and SHA-256 that the manifest says")
    }
  }
}
