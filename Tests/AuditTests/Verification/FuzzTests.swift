import Audit
import Foundation
import TallyTesting
import Testing

@Suite("Random damage")
struct FuzzTests {
  @Test(
    "No damage of any file ends the reader, and none but of the two texts for people is called whole", arguments: 0..<6)
  func damageIsFound(round: UInt64) throws {
    var generator = SeededGenerator(seed: RunSeed.value &+ round)
    let log = TestLog(try AuditedTeam(seed: RunSeed.value &+ round, lines: 90))
    let bundle = try log.export(from: 20, to: 80, headSize: 88, known: 10)
    let head = try log.head(10)
    let whole = try bundle.files()
    for _ in 0..<60 {
      let name = try #require(whole.keys.sorted().randomElement(using: &generator))
      var bytes = try #require(whole[name])
      for _ in 0..<Int.random(in: 1...3, using: &generator) { generator.damage(&bytes) }
      try bundle.write(bytes, to: name)
      // Where the hashes can be fixed, the damage has to be found by what the file means.
      if name != BundleFile.manifest, name != BundleFile.sums { try bundle.fixHashes() }
      let verification = try bundle.verify(head: head)
      let isForPeople = name == BundleFile.readMe || name == BundleFile.script
      if bytes == whole[name] || isForPeople {
        #expect(verification.verdict == .extending, "\(name), seed \(RunSeed.value): \(verification.sentence)")
      } else {
        #expect(verification.verdict == .altered, "\(name), seed \(RunSeed.value): \(verification.sentence)")
      }
      for (name, bytes) in whole { try bundle.write(bytes, to: name) }
    }
  }
}
