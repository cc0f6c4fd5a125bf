/// The SHA-256 of several streams, which are read piece by piece at the same time: of a file of lines and of the tables that
/// follow from it.
///
/// What is read waits until something else has to be hashed, and goes on beside it (`BlockSHA256`). Streams are told apart by
/// numbers from 0 on, and all of them belong to one reader.
package final class StreamHashes {
  private let streams: UnsafeMutablePointer<StreamHash>
  private let count: Int

  /// So many streams, of which nothing was read yet.
  package init(count: Int = 1) {
    self.count = count
    streams = .allocate(capacity: count)
    streams.initialize(repeating: StreamHash(), count: count)
  }

  deinit {
    streams.deinitialize(count: count)
    streams.deallocate()
  }

  /// Begins a stream anew. What waits of the one before is forgotten.
  package func begin(_ stream: Int) {
    streams[stream] = StreamHash()
  }

  /// Takes in a stream's next bytes, which must stay where they are until `settle(_:)`, `begin(_:)` or the next ones.
  package func lend(_ bytes: UnsafeRawBufferPointer, to stream: Int) {
    settle(stream)
    streams[stream].lend(bytes)
  }

  /// Hashes all that waits of a stream, what waits of others beside it: the bytes may go.
  package func settle(_ stream: Int) {
    while streams[stream].lent.count > 0, let other = waiting(beside: stream) {
      streams[stream].lent.take(beside: &streams[other].lent)
    }
    streams[stream].settle()
  }

  /// The hash of a stream as far as it came. What was lent must still be there, and is needed no more.
  package func digest(of stream: Int) -> Digest {
    settle(stream)
    return streams[stream].digest
  }

  /// The leaf hash of `line`, while that of a stream which waits goes on.
  package func leaf(of line: UnsafeRawBufferPointer) -> Digest {
    LeafHash.hash(line, beside: &streams[waiting(beside: nil) ?? 0])
  }

  /// The hash of an inner node, while that of a stream which waits goes on.
  func node(of left: Digest, _ right: Digest) -> Digest {
    NodeHash.hash(left, right, beside: &streams[waiting(beside: nil) ?? 0].lent)
  }

  private func waiting(beside stream: Int?) -> Int? {
    for other in 0..<count where other != stream && streams[other].lent.count > 0 { return other }
    return nil
  }
}
