import Ledger
package import TransparencyLog

/// Checks an export bundle, without network and database: that it is whole, that a key signed it, that it does not
/// contradict what its reader holds, and that its books balance by the ledger's own rules.
///
/// One pass in the memory of the open edits and the budgets, and of some 70 bytes for each edit that was corrected after it was
/// over. Nothing in the bundle is trusted: every size has a limit, and what is derived from the lines is derived again.
package struct BundleVerifier: Sendable {
  /// Folder of the bundle.
  package var folder: String
  /// The keys that the reader trusts, of which one must have signed: several where one took another's place. None: the
  /// bundle's own is used, which shows nothing of who signed.
  package var pinnedKeys: [NoteVerifierKey] = []
  /// A head that the reader holds.
  package var knownHead: SignedNote?
  /// A file with heads of many logs that the reader holds (`AnchorFile`); the bundle's log's own counts.
  package var anchorFile: String?
  /// Receipts that the reader holds.
  package var receipts: [SignedNote] = []
  /// Folder of the bundle that ends where this one begins; nil: none is at hand, and the opening book is the operator's word.
  package var previous: String?
  /// Keys that sign receipts, where the range does not announce them.
  package var receiptKeys: [NoteVerifierKey] = []

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
    return try outcome(&seen, progress)
  }

  /// What is told of a bundle whatever the verdict.
  struct Seen {
    var manifest: BundleManifest?
    var headSize: Int64?
    var findings = Verification.Findings()
    /// Where the lines end, once they were found to be what was signed and compared with what the reader holds.
    var end: (ties: BundleTies, root: Digest, book: TeamBook)?
  }

  /// The verdict, and what was seen on the way. Throws as `verify(progress:)`.
  func outcome(_ seen: inout Seen, _ progress: (Int64, Int64) -> Void) throws(HeldTextError) -> Verification {
    var verification: Verification
    do {
      verification = try check(&seen, progress)
    } catch let error as HeldTextError {
      throw error
    } catch {
      let fault = BundleVerifier.fault(error)
      verification = Verification(fault)
      // Nothing beside the lines may hide what they contradict.
      if seen.end == nil, var contradiction = SignedLines.contradiction(self) {
        contradiction.add("besides, \(fault)")
        verification = contradiction
      }
      if let wrong = seen.findings.bookFault { verification.add("besides, the books are wrong: \(wrong)") }
    }
    verification.manifest = seen.manifest
    verification.headSize = seen.headSize
    verification.findings = seen.findings
    return verification
  }

  private static func fault(_ error: any Error) -> BundleFault {
    if let fault = error as? BundleFault { return fault }
    guard let error = error as? FileError else {
      return BundleFault(BundleFile.manifest, "cannot be read: \(error)")
    }
    let name = error.path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(error.path[$0...].dropFirst()) }
    return BundleFault(name ?? error.path, "\(error.what)\(error.cause.map { ": \($0)" } ?? "")")
  }

  /// The head that the reader holds against the log: the one, or that of the log in the file with many; else one of another
  /// log of the same team, whose place it may have taken. Throws a `HeldTextError`: that the file is of no use says nothing
  /// of the bundle.
  func heldHead(of log: String) throws(HeldTextError) -> SignedNote? {
    guard let path = anchorFile else { return knownHead }
    var found: (own: SignedNote?, earlier: SignedNote?)
    do {
      try AnchorFile.forEachNote(in: path) { origin, note in
        if origin.utf8.elementsEqual(log.utf8) {
          found.own = note
        } else if BundleRange.isOfSameTeam(origin, log) {
          found.earlier = note
        }
      }
    } catch {
      throw error as? HeldTextError ?? HeldTextError("\(error)")
    }
    guard let note = found.own ?? found.earlier else { throw HeldTextError("\(path) has no head of \(log)") }
    return note
  }

  private func check(_ seen: inout Seen, _ progress: (Int64, Int64) -> Void) throws -> Verification {
    let files = BundleFiles(folder: folder)
    let manifest = try files.manifest()
    seen.manifest = manifest
    let ties = try BundleTies(manifest, files, pinnedKeys: pinnedKeys)
    seen.headSize = ties.head.size
    let held = try HeldTexts(self, ties, manifest)
    // Two signed heads of one size need no lines to contradict each other.
    if let contradiction = held.contradictionOfHeads() { return contradiction }
    try files.checkNames(manifest)
    var pass = try VerifiedRange(manifest, files, ties, held)
    try pass.read { next in
      if next % BundleVerifier.progressLines == 0 { progress(next - manifest.from, manifest.to - manifest.from) }
    }
    try pass.checkLines()
    // The lines are what was signed: what they contradict and break comes before what else is wrong.
    let recovered = pass.accounts.recovered
    seen.findings.recovered = recovered
    if let contradiction = try held.contradiction(
      pass.root, pass.leaves, announced: pass.announcedKeys, recovered: recovered)
    {
      return contradiction
    }
    seen.end = (ties, pass.root.root, pass.accounts.book)
    let fault = manifest.from < manifest.to ? pass.accounts.faultAtEnd() : nil
    seen.findings.bookFault = fault
    try pass.finish()
    seen.findings.missingPayloads = pass.missingPayloads
    seen.findings.foreignTexts = try files.foreignTexts(manifest)
    progress(manifest.to - manifest.from, manifest.to - manifest.from)
    if let fault {
      let file = fault.index.flatMap { index in
        manifest.lineFiles.first { $0.lastIndex.map { $0 >= index } ?? false }?.name
      }
      return Verification(.unbalanced, "Whole, but the books are wrong: \(fault).", file: file, index: fault.index)
    }
    if ties.state != nil { seen.findings.opening = .word }
    if let previous {
      if let fault = try self.fault(withPrevious: previous, manifest, ties) { return fault }
      if ties.state != nil { seen.findings.opening = .previous }
    }
    let uncompared = held.uncompared(recovered)
    seen.findings.uncompared = uncompared.map {
      Verification.Findings.Uncompared(log: $0.receipt.origin, index: $0.receipt.index)
    }
    var verification = held.verdict(isPinned: !pinnedKeys.isEmpty, pass.root, recovered: recovered)
    for words in uncompared.map(\.words) + seen.findings.words(from: manifest.from) { verification.add(words) }
    return verification
  }
}
