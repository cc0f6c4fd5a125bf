import ArgumentParser
import Audit
import Foundation
import TransparencyLog

/// `tally audit verify`.
struct AuditVerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check an export bundle or a proof, without network and database.",
    discussion: """
      The exit status is the verdict:
        0   whole, signed by the pinned key, and extending the head you hold
        10  whole and signed by the pinned key, not tied to a head you hold
        20  whole, but no key was pinned
        30  signed, but contradicting a head or receipt that you hold; both signed
            texts are written into the evidence folder
        40  altered or unreadable
        50  whole, but the books do not balance or a budget rule was broken
        64  what you brought is no key, head, receipt or bundle: nothing was said of it

      A range that does not begin at line 0 begins with a book that its first line
      names. That it is the right one shows only with the bundle before (--previous).

      Where the operator's key was rotated, pin the old key and the new one: give
      --vkey twice, or a file of both. Each text has to be signed by one of them.

      A proof is a file of tally audit proof, of GET /v1/audit/proof, or of tally
      audit anchor --team. It needs --vkey; 0 says that the head you hold is the
      proof's own. That of a pruned line holds hashes alone, and needs the line's
      receipt.

      Examples:
        tally audit verify acme-2026-11
        tally audit verify acme-2026-11 --vkey "$(cat operator.vkey)" \\
          --known-head acme-2026-10/checkpoint
        tally audit verify acme.head-proof --vkey "$(cat operator.vkey)" \\
          --known-head acme-2026-11/checkpoint
      """)

  @Argument(help: "The bundle's folder, or a file with a proof.") var bundle: String
  @Option(
    help: ArgumentHelp(
      "The operator's public key, from where you pinned it, or a file with one a line. May be given again: several keys where "
        + "one took another's place.", valueName: "key"))
  var vkey: [String] = []
  @Option(
    help: ArgumentHelp(
      "A head of this log that you hold: a signed checkpoint, or a file of tally audit anchor.", valueName: "file"))
  var knownHead: String?
  @Option(
    help: ArgumentHelp(
      "A receipt that you hold: an edit's answer, the receipt in it, or its note. May be given again.",
      valueName: "file"))
  var receipt: [String] = []
  @Option(
    help: ArgumentHelp(
      "The key of receipts, where the bundle does not announce it, or a file with one a line. May be given again.",
      valueName: "key"))
  var receiptVkey: [String] = []
  @Option(
    help: ArgumentHelp(
      "The bundle that ends where this one begins: its lines have to lead to the opening book.", valueName: "folder"))
  var previous: String?
  @Option(
    help: ArgumentHelp(
      "Where the texts of a contradiction are written; where it has others already, a new folder beside it, -2 and so on.",
      valueName: "folder"))
  var evidence = "tally-evidence"
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let verification = try ProofVerifier.isProof(bundle) ? checkedProof() : checkedBundle()
    let folder = verification.evidence.isEmpty ? nil : writtenEvidence(verification.evidence)
    try show(verification, evidenceFolder: folder)
    guard verification.verdict == .extending else { throw ExitCode(verification.verdict.rawValue) }
  }

  private func checkedBundle() throws -> Verification {
    for folder in [bundle] + [previous].compactMap(\.self) { try HeldFile.checkFolder(folder) }
    var verifier = BundleVerifier(folder: bundle)
    verifier.previous = previous
    verifier.pinnedKeys = try HeldFile.keys(vkey)
    verifier.receiptKeys = try HeldFile.keys(receiptVkey)
    (verifier.knownHead, verifier.anchorFile) = try heldHead()
    verifier.receipts = try receipt.map { try HeldFile.receipt($0) }
    let meter = ProgressLine(words: "lines checked")
    defer { meter.end() }
    do {
      return try verifier.verify { meter.show($0, of: $1) }
    } catch {
      throw CommandFailure(.usage, error.description)
    }
  }

  private func checkedProof() throws -> Verification {
    guard !vkey.isEmpty else {
      throw CommandFailure(.usage, "a proof brings no key with it: give the operator's with --vkey")
    }
    guard receipt.count < 2 else {
      throw CommandFailure(.usage, "a proof is of one line: bring one receipt with it, where the line was pruned")
    }
    var verifier = ProofVerifier(file: bundle, pinnedKeys: try HeldFile.keys(vkey))
    (verifier.knownHead, verifier.anchorFile) = try heldHead()
    verifier.receipt = try receipt.first.map { try HeldFile.receipt($0) }
    verifier.receiptKeys = try HeldFile.keys(receiptVkey)
    do {
      return try verifier.verify()
    } catch {
      throw CommandFailure(.usage, error.description)
    }
  }

  /// The head that the reader holds, or the file with many.
  private func heldHead() throws -> (note: SignedNote?, anchorFile: String?) {
    guard let knownHead else { return (nil, nil) }
    do {
      if HeldFile.isRegular(knownHead), try AnchorFile.isOne(knownHead) { return (nil, knownHead) }
    } catch {
      throw CommandFailure(.usage, "\(error)")
    }
    return (try HeldFile.note(knownHead), nil)
  }

  private func show(_ verification: Verification, evidenceFolder: String?) throws {
    let manifest = verification.manifest
    func range(_ heading: String) -> String? { manifest == nil ? nil : heading }
    var row = OutputRow()
    row.add("verdict", "Verdict", .string(verification.verdict.word))
    row.add("status", nil, .integer(Int64(verification.verdict.rawValue)))
    row.add("message", "Why", .string(verification.sentence))
    row.add("file", nil, .optional(verification.file))
    row.add("index", nil, .optional(verification.proof?.index ?? verification.index))
    row.add("log", "Log", .optional(manifest?.log ?? verification.proof?.log))
    row.add("from", range("From line"), .optional(manifest?.from))
    row.add("to", range("To line"), .optional(manifest?.to))
    row.add("fromTime", range("From"), .optional(manifest?.fromTime))
    row.add("toTime", range("To"), .optional(manifest?.toTime))
    row.add("headSize", "Head", .optional(verification.headSize))
    row.add("edits", range("Edits"), .optional(manifest?.totals.edits))
    row.add("charged", range("Charged"), .optional(manifest?.totals.charged))
    row.add("credited", range("Credited"), .optional(manifest?.totals.credited))
    let covered = verification.proof?.covered
    // What the one kind of text has and the other has not is no gap in what was checked.
    row.add("coveredLog", covered.map { _ in "Log covered" }, .optional(covered?.origin))
    row.add("coveredSize", covered.map { _ in "Its lines" }, .optional(covered?.size))
    row.add("coveredRoot", covered.map { _ in "Their root" }, .optional(covered?.root.base64))
    let evidence = verification.evidence.map {
      OutputValue.object([
        "name": .string($0.name), "text": .string(String(decoding: $0.text, as: UTF8.self)),
      ])
    }
    row.add("evidence", nil, .list(evidence))
    row.add("evidenceFolder", evidenceFolder.map { _ in "Evidence" }, .optional(evidenceFolder))
    row.add(verification.findings)
    try Console.current.show(row, asJSON: output.asJSON)
  }

  /// Writes the texts, and answers the folder that has them; nil where it cannot be written: the verdict stands without.
  private func writtenEvidence(_ texts: [Verification.Evidence]) -> String? {
    do {
      let folder = try EvidenceFolder.write(texts, to: evidence)
      Console.current.note("Both signed texts are in \(folder).")
      return folder
    } catch {
      Console.current.note("Error: the evidence cannot be written to \(evidence)")
      return nil
    }
  }
}
