/// The roots of a growing tree, line by line, in the memory of its peaks: how a range of a log is checked in one pass.
///
/// It starts from the peaks at the range's first line. They are not trusted: they take part in every later root, so a
/// wrong one leads to another root than the signed one. On the way it keeps what it was asked to: the roots at sizes of
/// which somebody holds a head, and nodes of which proofs are made.
package struct StreamingRoot: Sendable {
  /// The tree so far.
  package private(set) var peaks: Peaks
  /// The roots at those of the wanted sizes that were reached.
  package private(set) var roots: [Int64: Digest] = [:]
  private let sizes: [Int64]
  private var nextSize = 0
  /// The wanted nodes by the row that completes them.
  private let wanted: [Int64: [NodeID]]
  private var nodes: [NodeID: Digest] = [:]

  /// The tree with these peaks. It will keep the roots at `sizes` and the hashes of `nodes`: those of a
  /// `ConsistencyProof.plan` from the peaks' own size on, say, each of which is a peak or still to come.
  package init(peaks: Peaks = Peaks(), keepingRootsAt sizes: Set<Int64> = [], nodes: [NodeID] = []) {
    self.peaks = peaks
    self.sizes = sizes.filter { $0 >= peaks.size }.sorted()
    let wanted = Set(nodes)
    self.wanted = Dictionary(grouping: wanted.filter { $0.row >= peaks.size }, by: \.row)
    for (node, hash) in zip(NodeID.covering(start: 0, count: peaks.size), peaks.hashes) where wanted.contains(node) {
      self.nodes[node] = hash
    }
    keepRoot()
  }

  /// How many leaves the tree has: the index of the next line.
  package var size: Int64 { peaks.size }

  /// The root as of now.
  package var root: Digest { peaks.root }

  /// Adds a line of which the bytes are known, and returns its leaf hash.
  @discardableResult
  package mutating func append(line: UnsafeRawBufferPointer) -> Digest {
    let leaf = LeafHash.hash(line)
    append(leaf)
    return leaf
  }

  /// Adds the line with this leaf hash; where `hashes` are given, what waits of their streams is hashed meanwhile.
  package mutating func append(_ leaf: Digest, beside hashes: StreamHashes? = nil) {
    if !wanted.isEmpty, let wanted = wanted[peaks.size] {
      let completed = [leaf] + peaks.append(leaf)
      for node in wanted { nodes[node] = completed[node.level] }
    } else if let hashes {
      peaks.add(leaf, hash: { hashes.node(of: $0, $1) }, completed: { _ in })
    } else {
      peaks.add(leaf)
    }
    keepRoot()
  }

  /// The hash of a node that was to be kept; nil for others, and before the line that completes it.
  package func hash(of node: NodeID) -> Digest? {
    nodes[node]
  }

  private mutating func keepRoot() {
    guard nextSize < sizes.count, sizes[nextSize] == peaks.size else { return }
    roots[peaks.size] = peaks.root
    nextSize += 1
  }
}
