import TransparencyLog

/// Leaves that differ, the same for the same seed.
func seededLeaves(count: Int, seed: UInt64) -> [[UInt8]] {
  var state = seed
  return (0..<count).map { index in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Array("leaf \(index) \(state >> 33)".utf8)
  }
}

/// The root as RFC 6962, section 2.1, defines it, by recursion over all leaves: slow, and plainly right.
func naiveRoot(of leaves: ArraySlice<[UInt8]>) -> Digest {
  if leaves.isEmpty { return NodeHash.emptyRoot }
  if leaves.count == 1 { return LeafHash.hash(leaves[leaves.startIndex]) }
  var split = 1
  while split * 2 < leaves.count { split *= 2 }
  let middle = leaves.startIndex + split
  return NodeHash.hash(naiveRoot(of: leaves[..<middle]), naiveRoot(of: leaves[middle...]))
}
