import Ledger
import TransparencyLog

/// What the reader of a bundle holds against it: a head, and receipts.
struct HeldTexts {
  /// A receipt, and its note.
  struct Receipt {
    var receipt: LogReceipt
    var note: SignedNote
  }

  private let ties: BundleTies
  private let range: Range<Int64>
  private let receiptKey: NoteVerifierKey?
  private let headNote: SignedNote?
  /// The head; nil where none is held that is of this log and signed by the key.
  let head: Checkpoint?
  /// Why the head that is held cannot be compared; nil where it can, and where none is held.
  private let whyNoHead: String?
  /// The receipts of this log.
  let receipts: [Receipt]

  /// Reads them. Throws a `HeldTextError` where one is not what it should be.
  init(_ verifier: BundleVerifier, _ ties: BundleTies, _ manifest: BundleManifest) throws(HeldTextError) {
    self.ties = ties
    range = manifest.from..<manifest.to
    receiptKey = verifier.receiptKey
    headNote = verifier.knownHead
    var receipts: [Receipt] = []
    for note in verifier.receipts {
      guard let receipt = try? LogReceipt(text: note.text) else { throw HeldTextError("the receipt is none") }
      guard receipt.origin.utf8.elementsEqual(manifest.log.utf8) else {
        throw HeldTextError("the receipt is of another log, \(receipt.origin)")
      }
      receipts.append(Receipt(receipt: receipt, note: note))
    }
    self.receipts = receipts
    guard let note = verifier.knownHead else {
      head = nil
      whyNoHead = nil
      return
    }
    guard let known = try? Checkpoint(text: note.text) else { throw HeldTextError("the known head is no checkpoint") }
    do {
      try note.verify([ties.key])
    } catch {
      guard verifier.pinnedKey == nil else {
        throw HeldTextError("the known head cannot be held against a bundle: \(error)")
      }
      head = nil
      whyNoHead = "the known head is not signed by the bundle's key"
      return
    }
    let isSameLog = known.origin.utf8.elementsEqual(manifest.log.utf8)
    head = isSameLog ? known : nil
    whyNoHead = isSameLog ? nil : "the known head is of another log, \(known.origin)"
  }

  /// The verdict where two signed heads of one size have different roots.
  func contradictionOfHeads() -> Verification? {
    guard let head, head.size == ties.head.size, head.root != ties.head.root else { return nil }
    return contradiction("two heads of \(head.size) lines have different roots", headNote)
  }

  /// The verdict where the range does not go on from the head, or has another line than a receipt says.
  ///
  /// Throws a `BundleFault` where `known.proof` is wrong, and a `HeldTextError` where a receipt that does not match is
  /// signed by a key that is not known.
  func contradiction(
    _ root: StreamingRoot, _ leaves: [Int64: VerifiedRange.Leaf], announced: [NoteVerifierKey]
  ) throws -> Verification? {
    if let head, let found = root.roots[head.size], found != head.root {
      return contradiction("the lines up to \(head.size) have another root than the known head", headNote)
    }
    try checkKnownProof(root)
    let keys = announced + [receiptKey].compactMap(\.self)
    for held in receipts {
      guard let leaf = leaves[held.receipt.index] else { continue }
      let isSigned = (try? held.note.verify(keys)) != nil
      let isSame = leaf.hash == held.receipt.leaf && leaf.at.rfc3339.utf8.elementsEqual(held.receipt.at.utf8)
      if isSame { continue }
      guard isSigned else {
        throw HeldTextError(
          "the receipt for line \(held.receipt.index) is not the line's, and is signed by no known key; give --receipt-vkey"
        )
      }
      return contradiction("line \(held.receipt.index) is not the one that the receipt was given for", held.note)
    }
    return nil
  }

  /// The verdict over a bundle in which nothing is wrong.
  func verdict(isPinned: Bool, _ root: StreamingRoot) -> Verification {
    guard isPinned else {
      return Verification(
        .unpinned,
        "Whole, but no key was pinned, so nothing says who signed it\(whyNoHead.map { "; \($0)" } ?? "")\(uncompared).")
    }
    guard let head else {
      let why = whyNoHead ?? "no known head was brought"
      return Verification(.untied, "Whole and signed by the pinned key, but \(why)\(uncompared).")
    }
    guard isTied(head, root) else {
      return Verification(
        .untied,
        "Whole and signed by the pinned key, but the known head of \(head.size) lines is outside the range and the bundle "
          + "has no proof for it: export it with --known-head\(uncompared).")
    }
    return Verification(
      .extending, "Whole, signed by the pinned key, and extending the known head of \(head.size) lines\(uncompared).")
  }

  /// What is said of receipts for lines that the bundle does not hold: nothing was compared with them.
  private var uncompared: String {
    receipts.map(\.receipt.index).filter { !range.contains($0) }.sorted()
      .map { "; the receipt for line \($0) is for none of the bundle's lines" }.joined()
  }

  private func isTied(_ head: Checkpoint, _ root: StreamingRoot) -> Bool {
    root.roots[head.size] != nil || head.size == ties.head.size || ties.knownProof != nil
  }

  /// Throws a `BundleFault` where the bundle's proof does not tie the two heads.
  private func checkKnownProof(_ root: StreamingRoot) throws(BundleFault) {
    guard let head, let hashes = ties.knownProof, root.roots[head.size] == nil else { return }
    let (old, new) = head.size <= ties.head.size ? (head, ties.head) : (ties.head, head)
    do {
      try ConsistencyProof(oldSize: old.size, newSize: new.size, hashes: hashes).verify(
        oldRoot: old.root, newRoot: new.root)
    } catch {
      throw BundleFault(BundleFile.knownProof, "does not tie the known head of \(head.size) lines: \(error)")
    }
  }

  private func contradiction(_ words: String, _ note: SignedNote?) -> Verification {
    var verification = Verification(.contradicting, "Signed, but contradicting what you hold: \(words).")
    verification.evidence = [
      Verification.Evidence(name: "held.note", text: note?.bytes ?? []),
      Verification.Evidence(name: "bundle.checkpoint", text: ties.note.bytes),
    ]
    return verification
  }
}
