import Testing
import TransparencyLog

@Suite("Proofs that stand alone")
struct LogProofTests {
  private static let lines = seededLeaves(count: 100, seed: 5)
  private static let log = StoredLog(lines.map { LeafHash.hash($0) })

  private func proof(of index: Int, signedBy key: NoteSigningKey, size: Int64 = 100) throws -> LogProof {
    let root = StoredLog(Self.lines.prefix(Int(size)).map { LeafHash.hash($0) }).peaks.root
    let note = try Checkpoint(origin: "tally.local/team", size: size, root: root).signed(by: key)
    return try LogProof(
      line: Self.lines[index], inclusion: Self.log.inclusion(index: Int64(index), size: size), checkpoint: note)
  }

  @Test("Each proves its line to whoever has the vkey", arguments: [0, 1, 63, 64, 98, 99])
  func proofsStandAlone(index: Int) throws {
    let key = try #require(NoteSigningKey(newNamed: "tally.local"))
    let text = try proof(of: index, signedBy: key).text
    let read = try LogProof(text: Array(text.utf8))
    #expect(read.text == text)
    #expect(read.index == Int64(index))
    let (line, head) = try read.verifiedLine(keys: [key.verifier], origin: "tally.local/team")
    #expect(line == Self.lines[index])
    #expect(head.size == 100)
    #expect(throws: NoteError.signedByNoKnownKey) { try read.verifiedLine(keys: []) }
    #expect(throws: NoteError.otherOrigin("tally.local/team")) {
      try read.verifiedLine(keys: [key.verifier], origin: "tally.local/other")
    }
  }

  @Test("The only line of a log has a proof without hashes")
  func onlyLineHasNoHashes() throws {
    let key = try #require(NoteSigningKey(newNamed: "tally.local"))
    let proof = try proof(of: 0, signedBy: key, size: 1)
    #expect(
      proof.text.hasPrefix("c2sp.org/tlog-proof@v1\nextra \(Base64.encode(Self.lines[0]))\nindex 0\n\ntally.local/"))
    #expect(try LogProof(text: Array(proof.text.utf8)).verifiedLine(keys: [key.verifier]).line == Self.lines[0])
  }

  @Test("Another line, index or hash is not proved")
  func changedProofsAreRefused() throws {
    let key = try #require(NoteSigningKey(newNamed: "tally.local"))
    let text = try proof(of: 42, signedBy: key).text
    let changes = [
      (Base64.encode(Self.lines[42]), Base64.encode(Self.lines[43])), ("index 42", "index 43"),
      ("index 42", "index 100"),
      (LeafHash.hash(Self.lines[43]).base64, LeafHash.hash(Self.lines[44]).base64),
    ]
    for (old, new) in changes {
      #expect(text.contains(old))
      let changed = try LogProof(text: Array(text.replacing(old, with: new).utf8))
      #expect(throws: ProofError.self, "\(old)") { try changed.verifiedLine(keys: [key.verifier]) }
    }
    let bare = try LogProof(
      text: Array(
        text.split(separator: "\n", omittingEmptySubsequences: false)
          .filter { !$0.hasPrefix("extra ") }.joined(separator: "\n").utf8))
    #expect(throws: TextError.self) { try bare.verifiedLine(keys: [key.verifier]) }
    try bare.verify(leaf: LeafHash.hash(Self.lines[42]), keys: [key.verifier])
  }

  @Test("A later head does not hide what an earlier one shows")
  func proofsHoldForEachHead() throws {
    let key = try #require(NoteSigningKey(newNamed: "tally.local"))
    for size in Int64(10)...40 {
      let head = try proof(of: 9, signedBy: key, size: size).verifiedLine(keys: [key.verifier]).checkpoint
      #expect(head.size == size)
    }
  }

  @Test("What is no proof is refused")
  func otherTextsAreRefused() throws {
    let key = try #require(NoteSigningKey(newNamed: "tally.local"))
    let text = try proof(of: 42, signedBy: key).text
    let hash = LeafHash.hash(Self.lines[43]).base64
    let wrong = [
      "", "\n", text.replacing("@v1", with: "@v2"), " " + text, text + "\n", String(text.dropLast()),
      text.replacing("extra ", with: "extra  "), text.replacing("extra ", with: "Extra "),
      text.replacing("index 42", with: "index 042"), text.replacing("index 42", with: "index -42"),
      text.replacing("index 42", with: "index"), text.replacing("index 42\n", with: ""),
      text.replacing("index 42", with: "index 42\nindex 42"), text.replacing(hash, with: hash + " "),
      text.replacing(hash, with: String(hash.dropLast())), text.replacing("\n\n", with: "\n"),
      text.replacing("\n", with: "\r\n"), text.replacing(hash, with: String(repeating: hash + "\n", count: 65)),
    ]
    for wrong in wrong {
      #expect(wrong != text)
      #expect(throws: TextError.self) { try LogProof(text: Array(wrong.utf8)) }
    }
  }

  @Test("A line of the largest size fits, and none that is larger")
  func linesAreLimited() throws {
    let key = try #require(NoteSigningKey(newNamed: "tally.local"))
    for (count, fits) in [(65_536, true), (65_537, false)] {
      let line = [UInt8](repeating: 0x61, count: count)
      let root = LeafHash.hash(line)
      let note = try Checkpoint(origin: "tally.local/team", size: 1, root: root).signed(by: key)
      let inclusion = InclusionProof(index: 0, size: 1, hashes: [])
      let proof = try? LogProof(line: line, inclusion: inclusion, checkpoint: note)
      #expect((proof != nil) == fits)
      if let proof {
        #expect(try LogProof(text: Array(proof.text.utf8)).verifiedLine(keys: [key.verifier]).line == line)
      }
      let text = "c2sp.org/tlog-proof@v1\nextra \(Base64.encode(line))\nindex 0\n\n\(note.string)"
      #expect(((try? LogProof(text: Array(text.utf8))) != nil) == fits)
    }
  }
}
