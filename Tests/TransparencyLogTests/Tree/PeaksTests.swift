import Testing
import TransparencyLog

struct PeaksTests {
  /// The leaves of RFC 6962's known answers.
  private static let leaves: [[UInt8]] = [
    [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
    [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
    [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
  ]

  private static let roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]

  @Test func rootsAreTheKnownAnswers() {
    var peaks = Peaks()
    #expect(peaks.root.description == Self.roots[0])
    for (index, leaf) in Self.leaves.enumerated() {
      _ = peaks.append(LeafHash.hash(leaf))
      #expect(peaks.root.description == Self.roots[index + 1])
    }
  }

  @Test func aLineHashesToTheKnownAnswer() {
    let expected = "c7261463ebd776f4650b6d0fe942d9cc38c925d90f77d440ab6df8d5dd258c5f"
    #expect(LeafHash.hash(Array(#"{"a":1}"#.utf8)).description == expected)
  }

  @Test(arguments: [0, 1, 2, 3, 7, 8, 9, 63, 64, 65, 100, 255, 257, 1_000])
  func rootsAreThoseOfTheDefinition(size: Int) {
    let leaves = seededLeaves(count: size, seed: UInt64(size))
    var peaks = Peaks()
    for leaf in leaves { _ = peaks.append(LeafHash.hash(leaf)) }
    #expect(peaks.size == Int64(size))
    #expect(peaks.hashes.count == size.nonzeroBitCount)
    #expect(peaks.root == naiveRoot(of: leaves[...]))
  }

  /// The completed subtrees are, with the leaves, all nodes of the tree: each is the root over its own leaves.
  @Test func aLeafCompletesTheSubtreesThatEndWithIt() {
    let leaves = seededLeaves(count: 200, seed: 7)
    var peaks = Peaks()
    var completedCount = 0
    for (index, leaf) in leaves.enumerated() {
      let completed = peaks.append(LeafHash.hash(leaf))
      #expect(completed.count == (index + 1).trailingZeroBitCount)
      for (level, node) in completed.enumerated() {
        let width = 2 << level
        #expect(node == naiveRoot(of: leaves[(index + 1 - width)...index]))
      }
      completedCount += completed.count
    }
    #expect(completedCount == leaves.count - leaves.count.nonzeroBitCount)
  }

  @Test func storedPeaksGoOnWhereTheyStopped() throws {
    let leaves = seededLeaves(count: 70, seed: 3)
    var peaks = Peaks()
    for leaf in leaves {
      peaks = try Peaks(size: peaks.size, bytes: peaks.bytes)
      peaks = try Peaks(size: peaks.size, hashes: peaks.hashes)
      _ = peaks.append(LeafHash.hash(leaf))
    }
    #expect(peaks.root == naiveRoot(of: leaves[...]))
  }

  @Test func peaksThatDoNotFitTheirSizeAreRefused() throws {
    var peaks = Peaks()
    for leaf in seededLeaves(count: 5, seed: 1) { _ = peaks.append(LeafHash.hash(leaf)) }
    let (hashes, bytes) = (peaks.hashes, peaks.bytes)
    #expect(throws: PeaksError(size: 4, peakCount: 2)) { try Peaks(size: 4, hashes: hashes) }
    #expect(throws: PeaksError(size: 7, peakCount: 2)) { try Peaks(size: 7, bytes: bytes) }
    #expect(throws: PeaksError(size: -1, peakCount: 0)) { try Peaks(size: -1, hashes: []) }
    #expect(throws: PeaksError(size: 5, peakCount: nil)) { try Peaks(size: 5, bytes: bytes.dropLast()) }
    #expect(throws: PeaksError(size: 5, peakCount: nil)) { try Peaks(size: 5, bytes: bytes + [0]) }
  }

  @Test func aLeafIsNeverTakenForANode() {
    let left = LeafHash.hash([1])
    let right = LeafHash.hash([2])
    #expect(LeafHash.hash(left.bytes + right.bytes) != NodeHash.hash(left, right))
  }
}
