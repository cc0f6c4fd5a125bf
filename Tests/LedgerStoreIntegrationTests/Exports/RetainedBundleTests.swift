import Audit
import Exports
import Foundation
import Ledger
import LedgerStore
import TallyTesting
import Testing
import TransparencyLog

/// Bundles of logs from which something was taken away: erased payloads, pruned lines.
@Suite struct RetainedBundleTests {
  /// What somebody kept of a line from the time when it was there: its receipt, and its proof.
  private struct Kept {
    let receipt: SignedNote
    let proof: LogProof
    let leaf: Digest
  }

  private static let receiptKey = NoteSigningKey(newNamed: "tally.local")!

  private static func keep(_ index: Int64, of team: ExportedTeam) async throws -> Kept {
    let line = try #require(try await team.store.loggedLine(of: team.team, at: index))
    let head = try #require(try await team.store.newestHead(of: team.team))
    let at = try Line.parse(line.line).0.at.rfc3339
    let receipt = try LogReceipt(origin: head.origin, index: index, leaf: line.leaf, at: at).signed(by: receiptKey)
    return Kept(receipt: receipt, proof: try await team.store.proof(of: line, under: head), leaf: line.leaf)
  }

  private static func head(of team: ExportedTeam) async throws -> SignedNote {
    try SignedNote(bytes: try #require(try await team.store.newestHead(of: team.team)).note)
  }

  private static func export(
    _ team: ExportedTeam, from: Int64, known: SignedNote? = nil, to folder: String
  ) async throws -> BundleManifest {
    var request = team.request(.bundle, from: from)
    request.withPrivate = true
    request.knownHead = known
    let plan = try await team.exports.plan(request, now: team.now)
    let writer = try BundleWriter(try await team.exports.bundleRange(plan), in: folder)
    return try await team.exports.fill(writer) { _, _ in }
  }

  private static func verify(
    _ folder: String, _ team: ExportedTeam, head: SignedNote? = nil, receipts: [SignedNote] = []
  ) throws -> Verification {
    var verifier = BundleVerifier(folder: folder)
    verifier.pinnedKeys = [team.key.verifier]
    verifier.knownHead = head
    verifier.receipts = receipts
    verifier.receiptKeys = [receiptKey.verifier]
    return try verifier.verify()
  }

  @Test func aBundleWithoutAnErasedTextIsWhole() async throws {
    try await withExportedTeam { team, folder in
      let record = try #require(try await team.store.record(team.ledger.settled, of: team.team))
      let kept = try await Self.keep(record.holdIndex, of: team)
      let before = try await Self.head(of: team)
      let full = try await Self.export(team, from: 0, to: "\(folder)/full")
      _ = try await team.store.erase(records: [team.ledger.settled], of: team.team, by: SmallLedger.administrator)
      try await team.sign()
      let erased = try await Self.export(team, from: 0, to: "\(folder)/erased")
      func secrets(_ name: String) throws -> [Substring] {
        let bytes = try #require(FileManager.default.contents(atPath: "\(folder)/\(name)/private.jsonl"))
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      }
      let row = "{\"index\":\(record.holdIndex),"
      #expect(try secrets("full").contains { $0.hasPrefix(row) })
      #expect(try !secrets("erased").contains { $0.hasPrefix(row) })
      // The line that tells of it is one more.
      #expect(erased.to == full.to + 1 && erased.totals == full.totals)
      #expect(try Self.verify("\(folder)/erased", team).verdict == .untied)
      let verification = try Self.verify("\(folder)/erased", team, head: before, receipts: [kept.receipt])
      #expect(verification.verdict == .extending, "\(verification.sentence)")
      #expect(try Self.verify("\(folder)/full", team, receipts: [kept.receipt]).verdict == .untied)
      // The tables say the same as long as the range is.
      let old = FileManager.default.contents(atPath: "\(folder)/full/usage.csv")
      #expect(old == FileManager.default.contents(atPath: "\(folder)/erased/usage.csv"))
    }
  }

  @Test func afterAPruningOldReceiptsAndProofsHoldAndLaterRangesAreWhole() async throws {
    try await withShiftedStore { store, database, clock in
      let temporary = try TemporaryFolder()
      defer { withExtendedLifetime(temporary) {} }
      let folder = temporary.url.path
      let team = try await ExportedTeam.atAMonthsEnd(in: store, database, clock)
      let cut = team.closed[0].index
      let before = try await Self.head(of: team)
      let kept = [try await Self.keep(3, of: team), try await Self.keep(cut - 1, of: team)]
      // A head of the range that is going to be pruned.
      var peaks = Peaks()
      for line in try await team.lines().prefix(7) { peaks.add(LeafHash.hash(line)) }
      let origin = try await team.store.logState(of: team.team).origin
      let early = try Checkpoint(origin: origin, size: 7, root: peaks.root).signed(by: team.key)
      _ = try await Self.export(team, from: 0, to: "\(folder)/old")
      let month = try #require(CalendarMonth(PeriodBounds.utcMonth(containing: clock.now)))
      _ = try await team.store.prune(before: month, of: team.team, by: SmallLedger.administrator)
      #expect(try await team.store.firstKeptLine(of: team.team) == cut)
      let record = RecordID(bits: 0xF00)
      _ = try await team.store.hold(team.ledger.request(record))
      _ = try await team.store.settle(team.ledger.settlement(of: record))
      try await team.sign()

      let error = await #expect(throws: StoreError.self) {
        _ = try await Self.export(team, from: 0, to: "\(folder)/none")
      }
      #expect(error?.description.contains("\(cut)") == true)
      let manifest = try await Self.export(team, from: cut, known: early, to: "\(folder)/later")
      #expect(manifest.from == cut)
      // Tied to heads of before, also to one whose lines are gone.
      for head in [before, early] {
        let extending = try Self.verify("\(folder)/later", team, head: head)
        #expect(extending.verdict == .extending, "\(extending.sentence)")
        let verification = try Self.verify(
          "\(folder)/later", team, head: head, receipts: kept.map(\.receipt))
        #expect(verification.verdict == .untied, "\(verification.sentence)")
        #expect(verification.sentence.contains("the receipt for line 3 is for none of the bundle's lines"))
      }
      // The old bundle is what it was, and so are the receipts for its lines.
      #expect(
        try Self.verify("\(folder)/old", team, head: before, receipts: kept.map(\.receipt)).verdict == .extending)
      let state = try await team.store.logState(of: team.team)
      for line in kept {
        let path = "\(folder)/line-\(line.proof.index).proof"
        try Data(line.proof.text.utf8).write(to: URL(filePath: path))
        var verifier = ProofVerifier(file: path, pinnedKeys: [team.key.verifier])
        verifier.knownHead = before
        #expect(try verifier.verify().verdict == .extending)
        // What a receipt promised leads to the newest head by hashes that are still there.
        let receipt = try LogReceipt(line.receipt, signedBy: [Self.receiptKey.verifier], origin: origin)
        let plan = try InclusionProof.plan(index: receipt.index, size: state.size)
        let rows = try await team.store.treeRows(of: team.team, plan.rows)
        try InclusionProof(index: receipt.index, size: state.size, from: rows.hash)
          .verify(leaf: receipt.leaf, root: state.peaks.root)
      }
    }
  }
}
