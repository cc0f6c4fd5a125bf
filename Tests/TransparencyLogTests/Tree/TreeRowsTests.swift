import Testing
import TransparencyLog

@Suite("Stored rows")
struct TreeRowsTests {
  @Test("Each node stands in the row of its last leaf")
  func nodesStandInTheRowOfTheirLastLeaf() throws {
    let tree = NaiveTree(count: 128, seed: 3)
    let log = StoredLog(tree.leaves)
    let rows = try log.read(Array(0..<128))
    for size in 1...Int64(128) {
      var peaks: [Digest] = []
      for node in try NodeID.peaks(of: size) {
        #expect(node.row == ((node.index + 1) << Int64(node.level)) - 1)
        peaks.append(try #require(rows.hash(of: node)))
      }
      #expect(try Peaks(size: size, hashes: peaks).root == tree.root(size: Int(size)))
    }
    #expect(rows.hash(of: .leaf(17)) == tree.leaves[17])
    #expect(rows.hash(of: .leaf(128)) == nil)
  }

  @Test("A row with other nodes than its index completes is refused")
  func brokenRowsAreRefused() throws {
    let leaf = LeafHash.hash([])
    var rows = TreeRows()
    try rows.add(index: 2, leaf: leaf, nodes: [])
    try rows.add(index: 3, leaf: leaf, nodes: [UInt8](repeating: 0, count: 64))
    for (index, count) in [(Int64(3), 32), (3, 96), (3, 63), (3, 0), (2, 32), (-1, 0), (Int64.max, 63 * 32)] {
      #expect(throws: ProofError.brokenRow(index: index)) {
        try rows.add(index: index, leaf: leaf, nodes: [UInt8](repeating: 0, count: count))
      }
    }
  }

  @Test("No tree is larger than the largest")
  func hugeTreesAreRefused() throws {
    #expect(throws: ProofError.noSuchTree(size: .max)) { try NodeID.peaks(of: .max) }
    #expect(throws: ProofError.noSuchTree(size: -1)) { try NodeID.peaks(of: -1) }
    #expect(try NodeID.peaks(of: Peaks.maximumSize).map(\.row) == [Peaks.maximumSize - 1])
    #expect(throws: PeaksError(size: .max, peakCount: 63)) {
      try Peaks(size: .max, hashes: [Digest](repeating: NodeHash.emptyRoot, count: 63))
    }
    var largest = try Peaks(size: Peaks.maximumSize, hashes: [NodeHash.emptyRoot])
    #expect(largest.append(NodeHash.emptyRoot) == [])
  }
}
