import Ledger
import TransparencyLog

/// The seam between two bundles: the book that the later one begins with is the one that the earlier one's lines lead to.
extension BundleVerifier {
  /// Checks the bundle before, by the same keys and head, and that this one goes on from it. Answers the verdict where
  /// something is wrong with that; nil where nothing is.
  ///
  /// Throws a `HeldTextError` where `folder` is not the bundle before this one.
  func fault(
    withPrevious folder: String, _ manifest: BundleManifest, _ ties: BundleTies
  ) throws(HeldTextError) -> Verification? {
    guard manifest.from > 0 else {
      throw HeldTextError(
        "the bundle begins with its log's first line, so there is none before it: leave out --previous")
    }
    var reader = self
    reader.folder = folder
    reader.previous = nil
    reader.receipts = []
    var seen = Seen()
    var verification = try reader.outcome(&seen) { _, _ in }
    guard ![.contradicting, .altered, .unbalanced].contains(verification.verdict) else {
      verification.sentence = "The bundle before it, \(folder): \(verification.sentence)"
      return verification
    }
    guard let earlier = seen.manifest, let end = seen.end else { return nil }
    guard earlier.log.utf8.elementsEqual(manifest.log.utf8), earlier.to == manifest.from else {
      throw HeldTextError(
        "\(folder) is not the bundle before this one: it holds \(earlier.from) to \(earlier.to) of \(earlier.log), and this "
          + "one begins at line \(manifest.from) of \(manifest.log)")
    }
    guard (try? end.ties.note.verify(ties.keys)) != nil else {
      throw HeldTextError("\(folder) is signed by another key than this bundle: pin both with --vkey")
    }
    guard end.root == ties.peaks.root else {
      var verification = Verification(
        .contradicting,
        "Signed, but contradicting the bundle before it, \(folder): both say another root of the first \(manifest.from) lines."
      )
      verification.evidence = [
        Verification.Evidence(name: "previous.checkpoint", text: end.ties.note.bytes),
        Verification.Evidence(name: "bundle.checkpoint", text: ties.note.bytes),
      ]
      return verification
    }
    guard let state = ties.state, earlier.from < earlier.to else { return nil }
    guard BookText.digest(of: end.book) == BookText.digest(of: state) else {
      return Verification(
        .unbalanced,
        "Whole, but the books are wrong: line \(manifest.from) names another book (\(BundleFile.state)) than the lines before "
          + "it lead to, those of \(folder).", file: BundleFile.state, index: manifest.from)
    }
    return nil
  }
}
