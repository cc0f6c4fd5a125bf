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

  /// Beside a block's ends (the first byte and nine of padding are the hash's own), and far behind them.
  private static let oddCounts = [0, 1, 54, 55, 56, 63, 64, 65, 118, 119, 120, 121, 125, 126, 127, 128]

  /// The leaf hashes of these lines; nil where they are not made side by side.
  private func leaves(sideBySide lines: [UnsafeRawBufferPointer]) -> [TransparencyLog.Digest]? {
    var leaves = Array(repeating: NodeHash.emptyRoot, count: lines.count)
    let made = lines.withUnsafeBufferPointer { lines in
      leaves.withUnsafeMutableBufferPointer { LeafHash.hash(sideBySide: lines, into: $0) }
    }
    return made ? leaves : nil
  }

  @Test func linesSideBySideHashAsTheLibraryDoes() {
    var generator = SeededGenerator(seed: 75)
    var hashed = 0
    for round in 0..<200 {
      let shortest = Int.random(in: 0...1_200, using: &generator)
      let lineCount = round % 4 == 0 ? Int.random(in: 0...17, using: &generator) : 16
      let lines = (0..<lineCount).map { _ in
        let count = round % 2 == 0 ? StreamHashTests.oddCounts.randomElement(using: &generator) ?? 0 : shortest
        return generator.bytes(count: count + Int.random(in: 0...(round % 2 * 300), using: &generator))
      }
      let all = lines.flatMap(\.self)
      all.withUnsafeBytes { all in
        var start = 0
        let places = lines.map { line in
          defer { start += line.count }
          return UnsafeRawBufferPointer(rebasing: all[start..<start + line.count])
        }
        guard let leaves = leaves(sideBySide: places) else { return }
        hashed += 1
        #expect(leaves.map(\.bytes) == lines.map { library([0x00] + $0) })
      }
    }
    // With wide registers most of those rounds are worth it; without them none is possible.
    #expect(LeafHash.linesAtOnce == 1 ? hashed == 0 : hashed > 80)
  }

  @Test func fewLinesAndOneLongOneAreNotHashedSideBySide() {
    let long = [UInt8](repeating: 1, count: 10_000)
    long.withUnsafeBytes { long in
      let short = UnsafeRawBufferPointer(rebasing: long[..<100])
      #expect(leaves(sideBySide: []) == nil)
      #expect(leaves(sideBySide: [short, short]) == nil)
      #expect(leaves(sideBySide: [long] + Array(repeating: short, count: 15)) == nil)
      #expect(leaves(sideBySide: Array(repeating: short, count: 17)) == nil)
    }
  }

  @Test func streamsSideBySideHashAsTheLibraryDoes() {
    var generator = SeededGenerator(seed: 76)
    for _ in 0..<60 {
      let hashes = StreamHashes(count: 3)
      var read: [[UInt8]] = [[], [], []]
      // What was lent last stays where it is until the stream's next bytes come.
      var kept: [UnsafeMutableRawBufferPointer?] = [nil, nil, nil]
      defer { for bytes in kept { bytes?.deallocate() } }
      for _ in 0..<Int.random(in: 0...30, using: &generator) {
        let stream = Int.random(in: 0...2, using: &generator)
        switch Int.random(in: 0...5, using: &generator) {
        case 0...2:
          let bytes = generator.bytes(count: Int.random(in: 0...3_000, using: &generator))
          let place = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
          place.copyBytes(from: bytes)
          hashes.lend(UnsafeRawBufferPointer(place), to: stream)
          kept[stream]?.deallocate()
          kept[stream] = place
          read[stream] += bytes
        case 3:
          let line = generator.bytes(count: Int.random(in: 0...1_500, using: &generator))
          #expect(line.withUnsafeBytes { hashes.leaf(of: $0) }.bytes == library([0x00] + line))
        case 4:
          hashes.begin(stream)
          read[stream] = []
        default: #expect(hashes.digest(of: stream).bytes == library(read[stream]))
        }
      }
      for stream in 0...2 { #expect(hashes.digest(of: stream).bytes == library(read[stream])) }
    }
  }

  @Test func rootsBesideStreamsAreTheTrees() {
    var generator = SeededGenerator(seed: 77)
    let hashes = StreamHashes()
    let bytes = generator.bytes(count: 20_000)
    bytes.withUnsafeBytes { bytes in
      hashes.lend(bytes, to: 0)
      var (beside, alone) = (StreamingRoot(), StreamingRoot())
      for _ in 0..<100 {
        let leaf = generator.digest()
        beside.append(leaf, beside: hashes)
        alone.append(leaf)
        #expect(beside.root == alone.root)
      }
      #expect(hashes.digest(of: 0).bytes == library(Array(bytes)))
    }
  }
}
