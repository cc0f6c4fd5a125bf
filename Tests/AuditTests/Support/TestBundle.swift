import Audit
import Foundation
import TransparencyLog

extension BundleManifest {
  /// Names the book that was put into a bundle without one.
  mutating func insertState(of bundle: TestBundle) throws {
    var file = files[0]
    file.name = BundleFile.state
    file.bytes = Int64(try bundle.bytes(BundleFile.state).count)
    file.sha256 = String(try TestProgram.run("sha256sum", [bundle.path(BundleFile.state)]).output.prefix(64))
    files.insert(file, at: 4)
  }
}

/// A bundle in a folder of its own, and what is done to it before it is checked.
final class TestBundle {
  let folder: String

  /// A new folder's name; the folder is not there yet.
  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "tally-bundle-\(UUID().uuidString)").path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path(name))))
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(filePath: path(name)))
  }

  /// All files, by name.
  func files() throws -> [String: [UInt8]] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return Dictionary(uniqueKeysWithValues: try names.map { ($0, try bytes($0)) })
  }

  func manifest() throws -> BundleManifest {
    try BundleManifest(bytes: try bytes(BundleFile.manifest))
  }

  /// The lines of a file, without their line feeds.
  func lines(_ name: String) throws -> [[UInt8]] {
    try bytes(name).split(separator: UInt8(ascii: "\n")).map(Array.init)
  }

  func write(lines: [[UInt8]], to name: String) throws {
    try write(lines.flatMap { $0 + [UInt8(ascii: "\n")] }, to: name)
  }

  /// Writes manifest and sums anew, so that the hashes of the files are right again.
  func fixHashes() throws {
    var manifest = try manifest()
    for place in manifest.files.indices {
      let sum = try TestProgram.run("sha256sum", [path(manifest.files[place].name)])
      manifest.files[place].sha256 = String(sum.output.prefix(64))
      manifest.files[place].bytes = Int64(try bytes(manifest.files[place].name).count)
    }
    try put(manifest)
  }

  /// Writes a manifest and its sums.
  func put(_ manifest: BundleManifest) throws {
    try write(manifest.text, to: BundleFile.manifest)
    try write(manifest.sums, to: BundleFile.sums)
  }

  /// Checks it against these things.
  func verify(
    pinned key: NoteVerifierKey?, head: SignedNote? = nil, receipts: [SignedNote] = [],
    receiptKey: NoteVerifierKey? = nil, previous: TestBundle? = nil
  ) throws -> Verification {
    try verify(
      keys: [key].compactMap(\.self), head: head, receipts: receipts, receiptKey: receiptKey, previous: previous)
  }

  /// Checks it against these things, by several keys.
  func verify(
    keys: [NoteVerifierKey] = [TestLog.key.verifier], head: SignedNote? = nil, receipts: [SignedNote] = [],
    receiptKey: NoteVerifierKey? = nil, previous: TestBundle? = nil
  ) throws -> Verification {
    var verifier = BundleVerifier(folder: folder)
    verifier.previous = previous?.folder
    verifier.pinnedKeys = keys
    verifier.knownHead = head
    verifier.receipts = receipts
    verifier.receiptKeys = [receiptKey].compactMap(\.self)
    return try verifier.verify()
  }
}
