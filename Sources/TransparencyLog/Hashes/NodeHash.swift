import Crypto

/// The hash of an inner node: `SHA-256(0x01 || left || right)` (RFC 6962, section 2.1).
package enum NodeHash {
  /// The hash over two subtrees, the left one being the older.
  package static func hash(_ left: Digest, _ right: Digest) -> Digest {
    var bytes: [UInt8] = [0x01]
    bytes.reserveCapacity(1 + 2 * Digest.byteCount)
    left.append(to: &bytes)
    right.append(to: &bytes)
    return SHA256.hash(bytes: bytes).withUnsafeBytes { Digest(buffer: $0) }
  }

  /// The root of the tree without leaves: the hash of nothing.
  package static let emptyRoot = SHA256.hash(bytes: []).withUnsafeBytes { Digest(buffer: $0) }
}

extension SHA256 {
  fileprivate static func hash(bytes: [UInt8]) -> SHA256Digest {
    var hasher = SHA256()
    bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    return hasher.finalize()
  }
}
