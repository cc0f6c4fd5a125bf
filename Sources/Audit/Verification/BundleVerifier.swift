package import TransparencyLog

/// Checks an export bundle, without network and database: that it is whole, that a key signed it, that it does not
/// contradict what its reader holds, and that its books balance by the ledger's own rules.
///
/// One pass in the memory of the open edits and the budgets. Nothing in the bundle is trusted: every size has a limit, and
/// what is derived from the lines is derived again.
package struct BundleVerifier: Sendable {
  /// Folder of the bundle.
  package var folder: String
  /// The key that the reader trusts; nil: the bundle's own is used, which shows nothing of who signed.
  package var pinnedKey: NoteVerifierKey?
  /// A head that the reader holds.
  package var knownHead: SignedNote?
  /// A file with heads of many logs that the reader holds (`AnchorFile`); the bundle's log's own counts.
  package var anchorFile: String?
  /// Receipts that the reader holds.
  package var receipts: [SignedNote] = []
  /// The key that signs receipts, where the range does not announce it.
  package var receiptKey: NoteVerifierKey?

  /// The largest book that is read, in bytes.
  static let maximumStateBytes = 256 * 1024 * 1024
  /// The largest file of those that hold a few hashes or words, in bytes.
  static let maximumSmallBytes = 1024 * 1024
  /// After how many lines the reader is told how far it is.
  private static let progressLines: Int64 = 1 << 16

  /// A verifier of the bundle in `folder`.
  package init(folder: String) {
    self.folder = folder
  }

  /// Checks the bundle; `progress` is told the lines that were read and those that there are.
  ///
  /// Throws a `HeldTextError` where what the reader holds is of no use. All that is wrong with the bundle is a verdict.
  package func verify(progress: (_ lines: Int64, _ of: Int64) -> Void = { _, _ in }) throws(HeldTextError)
    -> Verification
  {
    var seen = Seen()
    var verification: Verification
    do {
      verification = try check(&seen, progress)
    } catch let error as HeldTextError {
      throw error
    } catch let fault as BundleFault {
      verification = Verification(fault)
    } catch let error as FileError {
      let name = error.path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(error.path[$0...].dropFirst()) }
      verification = Verification(
        BundleFault(name ?? error.path, "\(error.what)\(error.cause.map { ": \($0)" } ?? "")"))
    } catch {
      verification = Verification(BundleFault(BundleFile.manifest, "cannot be read: \(error)"))
    }
    verification.manifest = seen.manifest
    verification.headSize = seen.headSize
    return verification
  }

  /// What is told of a bundle whatever the verdict.
  private struct Seen {
    var manifest: BundleManifest?
    var headSize: Int64?
  }

  /// The head of a log in an anchor file. Throws a `HeldTextError`: that the file is of no use says nothing of the bundle.
  private func head(of log: String, in path: String) throws -> SignedNote {
    do {
      guard let note = try AnchorFile.note(of: log, in: path) else {
        throw HeldTextError("\(path) has no head of \(log)")
      }
      return note
    } catch let error as FileError {
      throw HeldTextError(error.description)
    }
  }

  private func check(_ seen: inout Seen, _ progress: (Int64, Int64) -> Void) throws -> Verification {
    let files = BundleFiles(folder: folder)
    let manifest = try files.manifest()
    seen.manifest = manifest
    let ties = try BundleTies(manifest, files, pinnedKey: pinnedKey)
    seen.headSize = ties.head.size
    var reader = self
    if let anchorFile { reader.knownHead = try head(of: manifest.log, in: anchorFile) }
    let held = try HeldTexts(reader, ties, manifest)
    // Two signed heads of one size need no lines to contradict each other.
    if let contradiction = held.contradictionOfHeads() { return contradiction }
    var pass = try VerifiedRange(manifest, files, ties, held)
    try pass.read { next in
      if next % BundleVerifier.progressLines == 0 { progress(next - manifest.from, manifest.to - manifest.from) }
    }
    try pass.finish()
    progress(manifest.to - manifest.from, manifest.to - manifest.from)
    if let contradiction = try held.contradiction(pass.root, pass.leaves, announced: pass.announcedKeys) {
      return contradiction
    }
    if let fault = pass.accounts.faultAtEnd() {
      let file = fault.index.flatMap { index in
        manifest.lineFiles.first { $0.lastIndex.map { $0 >= index } ?? false }?.name
      }
      return Verification(.unbalanced, "Whole, but the books are wrong: \(fault).", file: file, index: fault.index)
    }
    return held.verdict(isPinned: pinnedKey != nil, pass.root)
  }
}
