import TransparencyLog

/// The tree and its proofs as RFC 6962 defines them, by recursion over all leaf hashes: nothing shared with the code
/// under test but the two hashes.
struct NaiveTree {
  var leaves: [Digest]

  /// `count` leaves that differ, the same for the same seed.
  init(count: Int, seed: UInt64) {
    leaves = seededLeaves(count: count, seed: seed).map { LeafHash.hash($0) }
  }

  /// MTH of the first `size` leaves (section 2.1).
  func root(size: Int) -> Digest {
    root(leaves[..<size])
  }

  /// PATH(index, D[size]) (section 2.1.1).
  func path(index: Int, size: Int) -> [Digest] {
    path(index, leaves[..<size])
  }

  /// PROOF(oldSize, D[size]) (section 2.1.2).
  func proof(oldSize: Int, size: Int) -> [Digest] {
    subproof(oldSize, leaves[..<size], true)
  }

  private func root(_ part: ArraySlice<Digest>) -> Digest {
    if part.count < 2 { return part.first ?? NodeHash.emptyRoot }
    let (left, right) = split(part)
    return NodeHash.hash(root(left), root(right))
  }

  private func path(_ index: Int, _ part: ArraySlice<Digest>) -> [Digest] {
    if part.count < 2 { return [] }
    let (left, right) = split(part)
    if index < left.count { return path(index, left) + [root(right)] }
    return path(index - left.count, right) + [root(left)]
  }

  private func subproof(_ oldSize: Int, _ part: ArraySlice<Digest>, _ isWholeOldTree: Bool) -> [Digest] {
    if oldSize == part.count { return isWholeOldTree ? [] : [root(part)] }
    let (left, right) = split(part)
    if oldSize <= left.count { return subproof(oldSize, left, isWholeOldTree) + [root(right)] }
    return subproof(oldSize - left.count, right, false) + [root(left)]
  }

  private func split(_ part: ArraySlice<Digest>) -> (ArraySlice<Digest>, ArraySlice<Digest>) {
    var count = 1
    while count * 2 < part.count { count *= 2 }
    return (part.prefix(count), part.dropFirst(count))
  }
}
