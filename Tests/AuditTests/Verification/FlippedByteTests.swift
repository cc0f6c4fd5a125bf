import Audit
import Foundation
import TallyTesting
import Testing

/// One byte at random, in each kind of file.
@Suite("Flipped bytes")
struct FlippedByteTests {
  @Test("A byte flipped anywhere is found, and its file named", arguments: TamperingTests.files)
  func flippedByteIsFound(name: String) throws {
    let seed = RunSeed.value
    var generator = SeededGenerator(seed: seed)
    let log = TestLog(try AuditedTeam(seed: seed, lines: 150))
    let bundle = try log.export(from: 45, to: 140, headSize: 150, known: 20)
    let whole = try bundle.bytes(name)
    let lines = try bundle.manifest().files.first { $0.name == name }
    for _ in 0..<12 {
      var bytes = whole
      let place = Int.random(in: bytes.indices, using: &generator)
      bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      try bundle.write(bytes, to: name)
      let verification = try bundle.verify(head: log.head(20))
      #expect(verification.verdict == .altered, "\(name), byte \(place), seed \(seed): \(verification.sentence)")
      // The manifest and its own hash name each other: nothing tells which of the two was changed.
      #expect(verification.sentence.contains(name), "\(name), byte \(place), seed \(seed): \(verification.sentence)")
      guard let first = lines?.firstIndex, let last = lines?.lastIndex else { continue }
      // Itself, the first line of its file where only the hash tells, or a later one that shows it: an edit's model, say,
      // comes up again in the row of the line that ends it.
      #expect(
        verification.index.map { (first...last).contains($0) } ?? false,
        "byte \(place), seed \(seed): \(verification.sentence)")
    }
  }

  @Test("A manifest that reads is the bytes that it was read from, and any damage of it is found", arguments: 0..<4)
  func mutatedManifestsAreFound(round: UInt64) throws {
    let seed = RunSeed.value &+ round
    var generator = SeededGenerator(seed: seed)
    let log = TestLog(try AuditedTeam(seed: seed, lines: 90))
    let bundle = try log.export(from: 20, to: 80, headSize: 88, known: 10)
    let whole = try bundle.bytes(BundleFile.manifest)
    for _ in 0..<400 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...3, using: &generator) { generator.damage(&bytes) }
      guard let manifest = try? BundleManifest(bytes: bytes) else { continue }
      #expect(manifest.text == bytes, "seed \(seed)")
      guard bytes != whole else { continue }
      // With the sums of what it says now.
      try bundle.put(manifest)
      let verification = try bundle.verify(head: log.head(10))
      #expect(verification.verdict == .altered, "seed \(seed): \(verification.sentence)")
    }
  }
}
