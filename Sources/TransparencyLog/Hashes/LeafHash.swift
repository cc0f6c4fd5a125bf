import Crypto

/// The hash of a leaf: `SHA-256(0x00 || line)` (RFC 6962, section 2.1). The prefix keeps a leaf from passing for a
/// node.
package enum LeafHash {
  /// The hash of the leaf with these bytes: for a log line, exactly those that are stored and exported.
  package static func hash(_ line: [UInt8]) -> Digest {
    line.withUnsafeBytes { hash($0) }
  }

  /// The hash of the leaf with these bytes: a part of a larger buffer, without its line feed.
  package static func hash(_ line: ArraySlice<UInt8>) -> Digest {
    line.withUnsafeBytes { hash($0) }
  }

  /// The hash of the leaf that `line` holds, while that of the stream that the line is read from goes on.
  package static func hash(_ line: UnsafeRawBufferPointer, beside stream: inout StreamHash) -> Digest {
    guard stream.isBesideOthers else { return hash(line) }
    return BlockSHA256.hash(0x00, line, beside: &stream.lent)
  }

  /// The hash of the leaf that `line` holds, as readers of large files have it.
  package static func hash(_ line: UnsafeRawBufferPointer) -> Digest {
    var hasher = SHA256()
    withUnsafeBytes(of: UInt8(0x00)) { hasher.update(bufferPointer: $0) }
    hasher.update(bufferPointer: line)
    return hasher.finalize().withUnsafeBytes { Digest(buffer: $0) }
  }
}
