import Crypto
import TallyTesting
import Testing
import TransparencyLog

/// The hashes that are made two at once, compared with the library's.
struct StreamHashTests {
  private func library(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

  private func stream(of bytes: [UInt8], withLibrary: Bool) -> TransparencyLog.Digest {
    var stream = StreamHash(withLibrary: withLibrary)
    return bytes.withUnsafeBytes { bytes in
      stream.lend(bytes)
      return stream.digest
    }
  }

  /// FIPS 180-4 as NIST's examples have it: one block, two blocks, and nothing.
  @Test(arguments: [
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
  ])
  func publishedHashesComeOut(text: String, hash: String) {
    for withLibrary in [false, true] {
      #expect(stream(of: Array(text.utf8), withLibrary: withLibrary).description == hash)
    }
  }

  @Test func streamsOfAnyLengthHashAsTheLibraryDoes() {
    var generator = SeededGenerator(seed: 71)
    for count in 0...300 {
      let bytes = generator.bytes(count: count)
      #expect(stream(of: bytes, withLibrary: false).bytes == library(bytes), "\(count)")
    }
  }

  @Test func leavesOfAnyLengthHashAsTheLibraryDoes() {
    var generator = SeededGenerator(seed: 72)
    for count in Array(0...300) + [1_042, 65_536] {
      let line = generator.bytes(count: count)
      // Beside a stream that has nothing, less and more than the line has.
      for others in [0, 64, 100_000] {
        let other = generator.bytes(count: others)
        var stream = StreamHash()
        other.withUnsafeBytes { other in
          stream.lend(other)
          let leaf = line.withUnsafeBytes { LeafHash.hash($0, beside: &stream) }
          #expect(leaf.bytes == library([0x00] + line), "\(count) beside \(others)")
          #expect(leaf == LeafHash.hash(line))
          #expect(stream.digest.bytes == library(Array(other)), "\(count) beside \(others)")
        }
      }
    }
  }

  @Test(arguments: [false, true])
  func piecesAndLinesInBetweenChangeNothing(withLibrary: Bool) {
    var generator = SeededGenerator(seed: 73)
    for _ in 0..<100 {
      var stream = StreamHash(withLibrary: withLibrary)
      var all: [UInt8] = []
      for _ in 0..<Int.random(in: 0...8, using: &generator) {
        var piece = generator.bytes(count: generator.chance(50) ? Int.random(in: 0...70, using: &generator) : 5_000)
        all += piece
        piece.withUnsafeBytes { lent in
          stream.lend(lent)
          for _ in 0..<Int.random(in: 0...5, using: &generator) {
            let start = Int.random(in: 0...lent.count, using: &generator)
            let line = UnsafeRawBufferPointer(rebasing: lent[start...])
            #expect(LeafHash.hash(line, beside: &stream).bytes == library([0x00] + Array(line)))
          }
          stream.settle()
        }
        // What was settled is needed no more.
        piece = []
      }
      #expect(stream.digest.bytes == library(all))
    }
  }

  @Test func nodesHashAsTheLibraryDoes() {
    var generator = SeededGenerator(seed: 74)
    for _ in 0..<100 {
      let (left, right) = (generator.digest(), generator.digest())
      #expect(NodeHash.hash(left, right).bytes == library([0x01] + left.bytes + right.bytes))
    }
  }
}
