import Audit
import Foundation
import Ledger
import Testing
import TransparencyLog

/// A log whose keeper has put another key in the old one's place, and retired that: what was signed before still counts
/// against what comes later, for whoever pins both.
@Suite("Keys that were rotated")
struct RotationTests {
  /// The log as the old key signed it, and as the new one does; the lines are the same.
  let old: TestLog
  let new: TestLog
  let stranger: NoteVerifierKey

  init() throws {
    old = TestLog(try AuditedTeam(seed: 71, lines: 150))
    var log = old
    log.key = try #require(NoteSigningKey(newNamed: AuditedTeam.logName))
    new = log
    stranger = try #require(NoteSigningKey(newNamed: AuditedTeam.logName)).verifier
  }

  private var both: [NoteVerifierKey] { [new.key.verifier, stranger, old.key.verifier] }

  @Test("A head by either key is held against a bundle by either, where both are pinned")
  func eitherKeyIsTaken() throws {
    for (head, bundle) in [(old, new), (new, old), (old, old), (new, new)] {
      for (size, known) in [(40, nil), (20, 20)] as [(Int64, Int64?)] {
        let verification = try bundle.export(from: 30, known: known).verify(keys: both, head: head.head(size))
        #expect(verification.verdict == .extending, "\(verification.sentence)")
      }
    }
  }

  @Test("Where a key is missing, the sentence says that several may be pinned")
  func missingKeysAreThoughtOf() throws {
    let bundle = try new.export()
    let head = try old.head(40)
    let error = #expect(throws: HeldTextError.self) { try bundle.verify(keys: [new.key.verifier], head: head) }
    #expect(error?.reason.contains("--vkey again") == true)
    let altered = try bundle.verify(keys: [old.key.verifier], head: head)
    #expect(altered.verdict == .altered && altered.sentence.contains("pin the new key besides"), "\(altered.sentence)")
    let foreign = try bundle.verify(keys: [stranger, old.key.verifier], head: head)
    #expect(foreign.verdict == .altered && foreign.file == BundleFile.checkpoint)
  }

  @Test("A history that was rewritten behind a rotation contradicts the old key's head: 30, with both texts")
  func rewrittenHistoryContradicts() throws {
    var restored = TestLog(try AuditedTeam(seed: 72, lines: 200))
    restored.key = new.key
    for (size, headSize) in [(90, 200), (150, 150)] as [(Int64, Int64)] {
      let head = try old.head(size)
      let bundle = try restored.export(to: headSize, headSize: headSize)
      let verification = try bundle.verify(keys: both, head: head)
      #expect(verification.verdict == .contradicting, "\(verification.sentence)")
      #expect(verification.evidence.map(\.text) == [head.bytes, try restored.head(headSize).bytes])
      // A table that was altered besides hides nothing.
      try bundle.write(try bundle.bytes(BundleFile.usage) + [1], to: BundleFile.usage)
      #expect(try bundle.verify(keys: both, head: head).verdict == .contradicting)
    }
  }

  @Test("The bundle before may be by the old key")
  func seamsCrossRotations() throws {
    let earlier = try old.export(to: 45, headSize: 60)
    let later = try new.export(from: 45)
    let verification = try later.verify(keys: both, head: old.head(50), previous: earlier)
    #expect(verification.verdict == .extending && verification.findings.opening == .previous)
    let single = try later.verify(keys: [new.key.verifier], previous: earlier)
    #expect(single.verdict == .altered && single.sentence.hasPrefix("The bundle before it"), "\(single.sentence)")
    // Without any key nothing says that both are one operator's.
    #expect(throws: HeldTextError.self) { try later.verify(keys: [], previous: earlier) }
    var forked = old
    forked.lines[12] = TestEdit.flippedCommitment(old.lines[12])
    forked.secrets[12] = nil
    let fork = try later.verify(keys: both, previous: forked.export(to: 45, headSize: 60))
    #expect(fork.verdict == .contradicting)
    #expect(fork.evidence.map(\.text) == [try forked.head(60).bytes, try new.head(150).bytes])
  }

  @Test("A proof by one key is held against a head by the other")
  func proofsCrossRotations() throws {
    let folder = try TestBundle()
    try FileManager.default.createDirectory(atPath: folder.folder, withIntermediateDirectories: true)
    try folder.write(Array(try new.lineProof(7).text.utf8), to: "proof")
    var verifier = ProofVerifier(file: folder.path("proof"), pinnedKeys: both)
    verifier.knownHead = try old.head(old.size)
    #expect(try verifier.verify().verdict == .extending)
    let other = try Checkpoint(origin: old.origin, size: old.size, root: LeafHash.hash([7])).signed(by: old.key)
    verifier.knownHead = other
    #expect(try verifier.verify().verdict == .contradicting)
    verifier.pinnedKeys = [new.key.verifier]
    let error = #expect(throws: HeldTextError.self) { try verifier.verify() }
    #expect(error?.reason.contains("--vkey again") == true)
  }
}
