import TallyTesting
import Testing
import TransparencyLog

/// Texts as an attacker sends them: each is refused, or read for exactly what it says.
@Suite("Mutated texts")
struct MutatedTextsTests {
  private static let seeds: [UInt64] = [1, 2, 3, 4]
  private static let rounds = 2_000

  @Test("A note that reads is the bytes it was read from, and no change passes for signed", arguments: seeds)
  func mutatedNotesShowNothing(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let key = try #require(NoteSigningKey(newNamed: "tally.local"))
    let other = try #require(NoteSigningKey(newNamed: "tally.local"))
    let text = try Checkpoint(origin: "tally.local/team", size: 77, root: random.digest()).text
    let note = try SignedNote(text: text, signedBy: [other, key])
    for _ in 0..<Self.rounds {
      let bytes = random.mutation(of: note.bytes)
      guard let read = try? SignedNote(bytes: bytes) else { continue }
      #expect(read.bytes == bytes, "seed \(seed)")
      if (try? read.verify([key.verifier])) != nil { #expect(read.text == note.text, "seed \(seed)") }
    }
  }

  @Test("A head, receipt or list that reads is the bytes it was read from", arguments: seeds)
  func mutatedTextsReadAsWhatTheySay(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let head = try Checkpoint(origin: "tally.local/team", size: 77, root: random.digest())
    let receipt = try LogReceipt(
      origin: "tally.local/team", index: 12, leaf: random.digest(), at: "2026-11-23T11:59:50.123456Z")
    let list = HashLines.text([random.digest(), random.digest(), random.digest()])
    for _ in 0..<Self.rounds {
      let headBytes = random.mutation(of: Array(head.text.utf8))
      if let read = try? Checkpoint(text: headBytes) { #expect(Array(read.text.utf8) == headBytes, "seed \(seed)") }
      let receiptBytes = random.mutation(of: Array(receipt.text.utf8))
      if let read = try? LogReceipt(text: receiptBytes) {
        #expect(Array(read.text.utf8) == receiptBytes, "seed \(seed)")
      }
      let listBytes = random.mutation(of: Array(list.utf8))
      if let read = try? HashLines.parse(listBytes) {
        #expect(Array(HashLines.text(read).utf8) == listBytes, "seed \(seed)")
      }
    }
  }

  @Test("A proof that reads is the bytes it was read from, and proves its own line only", arguments: seeds)
  func mutatedProofsShowNothing(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let key = try #require(NoteSigningKey(newNamed: "tally.local"))
    let lines = seededLeaves(count: 50, seed: seed)
    let log = StoredLog(lines.map { LeafHash.hash($0) })
    let note = try Checkpoint(origin: "tally.local/team", size: 50, root: log.peaks.root).signed(by: key)
    for _ in 0..<Self.rounds {
      let index = Int.random(in: 0..<50, using: &random)
      let proof = try LogProof(
        line: lines[index], inclusion: log.inclusion(index: Int64(index), size: 50), checkpoint: note)
      let bytes = random.mutation(of: Array(proof.text.utf8))
      guard let read = try? LogProof(text: bytes) else { continue }
      #expect(Array(read.text.utf8) == bytes, "seed \(seed)")
      guard let line = try? read.verifiedLine(keys: [key.verifier]).line else { continue }
      #expect(line == lines[Int(read.index)], "seed \(seed)")
    }
  }

  @Test("Keys are read from any text without harm", arguments: seeds)
  func mutatedKeysAreRefused(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let key = try #require(NoteSigningKey(newNamed: "tally.local"))
    for _ in 0..<Self.rounds {
      let verifier = String(decoding: random.mutation(of: Array(key.verifierKey.utf8)), as: UTF8.self)
      if let read = NoteVerifierKey(text: verifier) { #expect(read == key.verifier, "seed \(seed)") }
      let secret = String(decoding: random.mutation(of: Array(key.secretText.utf8)), as: UTF8.self)
      if let read = NoteSigningKey(text: secret) { #expect(read.verifier == key.verifier, "seed \(seed)") }
    }
  }
}
