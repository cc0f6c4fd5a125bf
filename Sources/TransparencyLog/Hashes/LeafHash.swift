import CSHA256
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

  /// How many lines are hashed side by side where the processor has wide registers; 1 where it has none.
  package static var linesAtOnce: Int { csha256_has_lanes() ? Int(csha256_lanes) : 1 }

  /// Hashes the leaves that up to `linesAtOnce` lines hold side by side, and writes the hashes into memory that has room for as
  /// many. False, and nothing written, where that takes longer than one after the other: of few lines, or of lines of which
  /// one is much longer than the others.
  package static func hash(
    sideBySide lines: UnsafeBufferPointer<UnsafeRawBufferPointer>, into leaves: UnsafeMutableBufferPointer<Digest>
  ) -> Bool {
    let lanes = Int(csha256_lanes)
    guard csha256_has_lanes(), lines.count <= lanes, lines.count <= leaves.count else { return false }
    var (longest, all) = (0, 0)
    for line in lines { (longest, all) = (max(longest, line.count), all + line.count) }
    guard longest > 0, all >= longest * lanes * 5 / 8 else { return false }
    withUnsafeTemporaryAllocation(of: UnsafeRawPointer?.self, capacity: lanes) { messages in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: lanes) { counts in
        for lane in 0..<lanes {
          messages[lane] = lane < lines.count ? lines[lane].baseAddress : nil
          counts[lane] = messages[lane] == nil ? 0 : lines[lane].count
        }
        withUnsafeTemporaryAllocation(byteCount: lanes * Digest.byteCount, alignment: 8) { digests in
          csha256_hash_lanes(
            0x00, messages.baseAddress, counts.baseAddress, digests.baseAddress?.assumingMemoryBound(to: UInt8.self))
          for lane in lines.indices {
            let start = lane * Digest.byteCount
            leaves[lane] = Digest(
              buffer: UnsafeRawBufferPointer(rebasing: digests[start..<start + Digest.byteCount]))
          }
        }
      }
    }
    return true
  }

  /// The hash of the leaf that `line` holds, as readers of large files have it.
  package static func hash(_ line: UnsafeRawBufferPointer) -> Digest {
    var hasher = SHA256()
    withUnsafeBytes(of: UInt8(0x00)) { hasher.update(bufferPointer: $0) }
    hasher.update(bufferPointer: line)
    return hasher.finalize().withUnsafeBytes { Digest(buffer: $0) }
  }
}
