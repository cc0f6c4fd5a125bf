import Ledger
import TransparencyLog

/// What the reader of a bundle holds against it: a head, and receipts.
struct HeldTexts {
  /// A receipt, and its note.
  struct Receipt {
    var receipt: LogReceipt
    var note: SignedNote
  }

  let ties: BundleTies
  let range: Range<Int64>
  private let receiptKeys: [NoteVerifierKey]
  let headNote: SignedNote?
  /// The head; nil where none is held that is of this log and signed by the key.
  let head: Checkpoint?
  /// A head of another log of the same team, whose place this one may have taken; nil where none is held.
  let earlierHead: Checkpoint?
  /// Why the head that is held cannot be compared; nil where it can, and where none is held.
  private let whyNoHead: String?
  /// The receipts of this log.
  private let receipts: [Receipt]
  /// Receipts of another log of the same team.
  let earlierReceipts: [LogReceipt]

  /// Reads them. Throws a `HeldTextError` where one is not what it should be.
  init(_ verifier: BundleVerifier, _ ties: BundleTies, _ manifest: BundleManifest) throws(HeldTextError) {
    self.ties = ties
    range = manifest.from..<manifest.to
    receiptKeys = verifier.receiptKeys
    let headNote = try verifier.heldHead(of: manifest.log)
    self.headNote = headNote
    var receipts: [Receipt] = []
    var earlier: [LogReceipt] = []
    for note in verifier.receipts {
      guard let receipt = try? LogReceipt(text: note.text) else {
        throw HeldTextError("a text that was brought as a receipt is none")
      }
      if receipt.origin.utf8.elementsEqual(manifest.log.utf8) {
        receipts.append(Receipt(receipt: receipt, note: note))
      } else {
        guard BundleRange.isOfSameTeam(receipt.origin, manifest.log) else {
          throw HeldTextError("the receipt is of another log, \(receipt.origin)")
        }
        earlier.append(receipt)
      }
    }
    self.receipts = receipts
    earlierReceipts = earlier
    guard let note = headNote else {
      (head, earlierHead, whyNoHead) = (nil, nil, nil)
      return
    }
    guard let known = try? Checkpoint(text: note.text) else {
      throw HeldTextError("what was brought as a known head is none")
    }
    do {
      try note.verify(ties.keys)
    } catch {
      throw HeldTextError(
        verifier.pinnedKeys.isEmpty
          ? "the known head is not signed by the bundle's own key, for which nothing vouches: pin the operator's with --vkey"
          : "the known head cannot be held against a bundle: \(error)\(HeldTexts.advice(error))")
    }
    let isSameLog = known.origin.utf8.elementsEqual(manifest.log.utf8)
    head = isSameLog ? known : nil
    earlierHead = !isSameLog && BundleRange.isOfSameTeam(known.origin, manifest.log) ? known : nil
    whyNoHead = isSameLog ? nil : "the known head is of another log, \(known.origin)"
  }

  /// What to do about a head that no pinned key signed.
  static func advice(_ error: NoteError) -> String {
    error == .signedByNoKnownKey
      ? "; where the operator has rotated the key since, pin the one that signed it besides (--vkey again)" : ""
  }

  /// Whether there is anything that a line could contradict.
  var isAnything: Bool { head != nil || earlierHead != nil || !receipts.isEmpty }
  /// The sizes of which the roots are needed.
  var sizes: Set<Int64> { Set(head.map { [$0.size] } ?? []) }
  /// The lines of which the leaves are needed.
  var indexes: Set<Int64> { Set(receipts.map(\.receipt.index)) }

  /// The verdict where two signed heads of one size have different roots.
  func contradictionOfHeads() -> Verification? {
    guard let head, head.size == ties.head.size, head.root != ties.head.root else { return nil }
    return contradiction("two heads of \(head.size) lines have different roots", headNote)
  }

  /// The verdict where the range does not go on from the head, has another line than a receipt says, or is of a log that
  /// took another's place and does not admit what the reader holds of that one.
  ///
  /// Throws a `BundleFault` where `known.proof` is wrong, and a `HeldTextError` where a receipt that does not match is
  /// signed by a key that is not known.
  func contradiction(
    _ root: StreamingRoot, _ leaves: [Int64: VerifiedRange.Leaf], announced: [NoteVerifierKey], recovered: LogRecovered?
  ) throws -> Verification? {
    if let head, let found = root.roots[head.size], found != head.root {
      return contradiction("the lines up to \(head.size) have another root than the known head", headNote)
    }
    let keys = announced + receiptKeys
    var unsigned: Int64?
    for held in receipts {
      guard let leaf = leaves[held.receipt.index] else { continue }
      let isSame = leaf.hash == held.receipt.leaf && leaf.at.rfc3339.utf8.elementsEqual(held.receipt.at.utf8)
      if isSame { continue }
      guard (try? held.note.verify(keys)) != nil else {
        unsigned = unsigned ?? held.receipt.index
        continue
      }
      return contradiction("line \(held.receipt.index) is not the one that the receipt was given for", held.note)
    }
    if let recovered, let words = contradiction(of: recovered) { return contradiction(words, headNote) }
    if let unsigned {
      throw HeldTextError(
        "the receipt for line \(unsigned) is not the line's, and is signed by no known key; give --receipt-vkey")
    }
    try checkKnownProof(root)
    return nil
  }

  /// The verdict over a bundle in which nothing is wrong.
  func verdict(isPinned: Bool, _ root: StreamingRoot, recovered: LogRecovered?) -> Verification {
    guard isPinned else {
      return Verification(
        .unpinned, "Whole, but no key was pinned, so nothing says who signed it\(whyNoHead.map { "; \($0)" } ?? "").")
    }
    guard let head else {
      let why =
        recovered.flatMap(lossBehindHead) ?? whyNoHead ?? "no known head was brought"
      return Verification(.untied, "Whole and signed by the pinned key, but \(why).")
    }
    guard isTied(head, root) else {
      return Verification(
        .untied,
        "Whole and signed by the pinned key, but the known head of \(head.size) lines is outside the range and the bundle "
          + "has no proof for it: export it with --known-head, or over HTTP with known=\(head.size).")
    }
    guard uncompared(recovered).isEmpty else {
      return Verification(
        .untied,
        "Whole, signed by the pinned key, and extending the known head of \(head.size) lines, but not every receipt could be "
          + "compared.")
    }
    return Verification(
      .extending, "Whole, signed by the pinned key, and extending the known head of \(head.size) lines.")
  }

  /// Receipts for lines that the bundle does not hold, and what is said of each: nothing was compared with them.
  func uncompared(_ recovered: LogRecovered?) -> [(receipt: LogReceipt, words: String)] {
    receipts.map(\.receipt).filter { !range.contains($0.index) }.sorted { $0.index < $1.index }.map { receipt in
      let index = receipt.index
      guard index >= ties.head.size else {
        return (receipt, "the receipt for line \(index) is for none of the bundle's lines")
      }
      return (
        receipt,
        "the receipt for line \(index) promises a line behind the signed head, which ends before line \(ties.head.size): "
          + "a later export must have it"
      )
    } + earlierReceipts.map { ($0, words(for: $0, recovered)) }
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
