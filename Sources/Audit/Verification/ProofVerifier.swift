import Ledger
package import TransparencyLog

/// Checks a proof that stands alone, without network and database: that a line is in a log (`LogProof`), or that the
/// operator's log covers a head (`HeadProof`).
///
/// A proof holds no way from one head to another, so a head that the reader holds is compared where it has the same size.
package struct ProofVerifier: Sendable {
  /// The file with the text.
  package var file: String
  /// The keys that the reader trusts, of which one must have signed. A proof brings none.
  package var pinnedKeys: [NoteVerifierKey]
  /// A head that the reader holds, of the log that the proof is of or of the one that it covers.
  package var knownHead: SignedNote?
  /// A file with heads of many logs that the reader holds (`AnchorFile`).
  package var anchorFile: String?
  /// The receipt of the line, where the proof is of one that was pruned: such a proof holds hashes alone, and the leaf is in the
  /// receipt.
  package var receipt: SignedNote?
  /// The keys of receipts that the reader trusts; none: what is proved of the receipt's leaf is proved whoever signed it.
  package var receiptKeys: [NoteVerifierKey] = []

  /// What a proof that holds says.
  private struct Proved {
    var sentence: String
    /// The heads that it vouches for: the signed one, and the one that is covered.
    var heads: [CoveredHead]
    var log: String
    var index: Int64
  }

  /// A verifier of the proof in `file`, by the keys that the reader trusts.
  package init(file: String, pinnedKeys: [NoteVerifierKey]) {
    self.file = file
    self.pinnedKeys = pinnedKeys
  }

  /// Whether `path` is a file that begins as a proof of any version does. What it is worth is for `verify`.
  package static func isProof(_ path: String) -> Bool {
    var start = [UInt8](repeating: 0, count: 64)
    guard let file = try? OpenFile(reading: path),
      let count = try? start.withUnsafeMutableBytes({ try file.read(into: $0) })
    else { return false }
    return ["c2sp.org/tlog-proof@", "tally.local/head-proof@"].contains { start[..<count].starts(with: $0.utf8) }
  }

  /// Checks the proof. Throws a `HeldTextError` where what the reader holds is of no use.
  package func verify() throws(HeldTextError) -> Verification {
    let text: [UInt8]
    do {
      text = HeldText.withoutEmptyEnd(try WholeFile.read(file, maximumBytes: HeadProof.maximumBytes + 1))
    } catch {
      return Verification(.altered, "Altered or unreadable: \(error).", file: file)
    }
    let receipt = try heldReceipt(for: text)
    let proved: Proved
    do {
      proved = try prove(text, receipt)
    } catch {
      return Verification(.altered, "Altered or unreadable: \(error).", file: file)
    }
    var verification = Verification(.untied, "\(proved.sentence), but no known head was brought.")
    for note in try held(proved.heads.map(\.origin)) {
      let known: Checkpoint
      do {
        known = try Checkpoint(note, signedBy: pinnedKeys)
      } catch {
        let advice = (error as? NoteError).map(HeldTexts.advice) ?? ""
        throw HeldTextError("the known head cannot be held against a proof: \(error)\(advice)")
      }
      guard let same = proved.heads.first(where: { $0.origin.utf8.elementsEqual(known.origin.utf8) }) else {
        if verification.verdict == .untied {
          verification.sentence = "\(proved.sentence), but the known head is of another log, \(known.origin)."
        }
        continue
      }
      guard same.size == known.size else {
        if verification.verdict == .untied {
          verification.sentence =
            "\(proved.sentence), but the known head of \(known.size) lines is not the proof's, which has \(same.size)."
        }
        continue
      }
      guard same.root == known.root else {
        verification = Verification(
          .contradicting,
          "Signed, but contradicting what you hold: two heads of \(same.size) lines have different roots.")
        verification.evidence = [
          Verification.Evidence(name: "held.note", text: note.bytes), Verification.Evidence(name: "proof", text: text),
        ]
        break
      }
      verification = Verification(
        .extending, "\(proved.sentence), and it is the known head of \(known.size) lines that it leads to.")
    }
    verification.headSize = proved.heads.first?.size
    verification.proof = Verification.Proof(
      log: proved.log, index: proved.index, covered: proved.heads.dropFirst().first)
    return verification
  }

  /// The receipt that a proof without its line is of; nil where the text is no such proof.
  private func heldReceipt(for text: [UInt8]) throws(HeldTextError) -> LogReceipt? {
    let proof = HeadProof.isOne(text) ? nil : try? LogProof(text: text)
    guard let proof, proof.extra == nil else {
      guard receipt == nil else {
        throw HeldTextError("receipts are compared with the lines of a bundle, and \(file) is a proof that needs none")
      }
      return nil
    }
    guard let receipt else {
      throw HeldTextError(
        "line \(proof.index) was pruned, and \(file) holds hashes alone: bring the receipt of that line with --receipt")
    }
    let held: LogReceipt
    do {
      held = try receiptKeys.isEmpty ? LogReceipt(text: receipt.text) : LogReceipt(receipt, signedBy: receiptKeys)
    } catch {
      throw HeldTextError("what was brought as a receipt is of no use: \(error)")
    }
    guard held.index == proof.index else {
      throw HeldTextError("the receipt is for line \(held.index), and the proof is of line \(proof.index)")
    }
    return held
  }

  /// What the text proves, of the receipt's leaf where it holds no line. Throws what is wrong with it.
  private func prove(_ text: [UInt8], _ receipt: LogReceipt?) throws -> Proved {
    if HeadProof.isOne(text) {
      let proof = try HeadProof(text: text)
      let head = try proof.verify(pinnedKeys)
      return Proved(
        sentence: "Proved by the pinned key: line \(proof.line.index) of \(head.origin) covers the head of "
          + "\(proof.head.size) lines of \(proof.head.origin)",
        heads: [try CoveredHead(origin: head.origin, size: head.size, root: head.root), proof.head], log: head.origin,
        index: proof.line.index)
    }
    let proof = try LogProof(text: text)
    if let receipt {
      let head = try proof.verify(leaf: receipt.leaf, keys: pinnedKeys, origin: receipt.origin)
      return Proved(
        sentence:
          "Proved by the pinned key: the leaf hash in the receipt is that of line \(proof.index) of \(head.origin), "
          + "whose text was pruned",
        heads: [try CoveredHead(origin: head.origin, size: head.size, root: head.root)], log: head.origin,
        index: proof.index)
    }
    let (line, head) = try proof.verifiedLine(keys: pinnedKeys)
    let (header, _) = try Line.parse(line)
    guard header.index == proof.index, header.log.utf8.elementsEqual(head.origin.utf8) else {
      throw HeldTextError("the line says that it is line \(header.index) of \(header.log)")
    }
    return Proved(
      sentence: "Proved by the pinned key: the line is line \(proof.index) of \(head.origin)",
      heads: [try CoveredHead(origin: head.origin, size: head.size, root: head.root)], log: head.origin,
      index: proof.index)
  }

  /// The heads that the reader holds: the one, and those of these logs in the file.
  private func held(_ logs: [String]) throws(HeldTextError) -> [SignedNote] {
    var notes = [knownHead].compactMap(\.self)
    guard let anchorFile else { return notes }
    do {
      for log in logs {
        if let note = try AnchorFile.note(of: log, in: anchorFile) { notes.append(note) }
      }
    } catch {
      throw error as? HeldTextError ?? HeldTextError("\(error)")
    }
    guard !notes.isEmpty else { throw HeldTextError("\(anchorFile) has no head of \(logs.joined(separator: " or "))") }
    return notes
  }
}
