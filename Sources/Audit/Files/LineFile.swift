import TransparencyLog

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads a file line by line, in the memory of one buffer however long the file and its lines are, and hashes it on the
/// way.
final class LineFile {
  /// What a file that is no sequence of bounded lines is.
  enum Fault: Error, Hashable {
    /// A line is longer than is read.
    case tooLong
    /// The last line has no line feed.
    case unended
  }

  /// The longest line that is read, in bytes without its line feed.
  let maximumLineBytes: Int
  /// Where the next line begins.
  private(set) var offset: Int64 = 0
  private let file: OpenFile
  private let buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private let hashes: StreamHashes
  private let stream: Int
  private let linesAtOnce: Int
  /// Places for the lines that are found at once. There are `aheadCount`; those not asked for yet begin at `aheadNext`.
  private let ahead: UnsafeMutableBufferPointer<UnsafeRawBufferPointer>
  private var aheadCount = 0
  private var aheadNext = 0
  /// Places for the leaf hashes of all that were found.
  private let leaves: UnsafeMutableBufferPointer<Digest>
  /// Whether they were made; else each is made when it is asked for.
  private var hasLeaves = false

  /// Large enough that calls of the system do not count, small enough for a processor's own memory.
  private static let pieceBytes = 256 * 1024

  /// Opens the file at `path`, whose hash is that stream of `hashes`. Of a file whose lines are leaves, these are hashed as
  /// many at once as the processor can. Throws a `FileError`.
  init(
    _ path: String, maximumLineBytes: Int, hashes: StreamHashes = StreamHashes(), stream: Int = 0,
    ofLeaves: Bool = false
  ) throws(FileError) {
    file = try OpenFile(reading: path)
    self.maximumLineBytes = maximumLineBytes
    self.hashes = hashes
    self.stream = stream
    linesAtOnce = ofLeaves ? LeafHash.linesAtOnce : 1
    hashes.begin(stream)
    buffer = .allocate(byteCount: LineFile.pieceBytes + maximumLineBytes + 1, alignment: 16)
    ahead = .allocate(capacity: linesAtOnce)
    ahead.initialize(repeating: UnsafeRawBufferPointer(start: nil, count: 0))
    leaves = .allocate(capacity: linesAtOnce)
    leaves.initialize(repeating: NodeHash.emptyRoot)
  }

  deinit {
    hashes.begin(stream)
    buffer.deallocate()
    ahead.deallocate()
    leaves.deallocate()
  }

  /// The next line without its line feed, in a buffer that is valid until the next call; nil at the file's end. Throws a
  /// `Fault` or a `FileError`.
  func next() throws -> UnsafeRawBufferPointer? {
    if aheadNext == aheadCount { try lookAhead() }
    guard aheadNext < aheadCount else { return nil }
    let line = ahead[aheadNext]
    aheadNext += 1
    start += line.count + 1
    offset += Int64(line.count + 1)
    return line
  }

  /// The hash of the bytes that were read so far: of the whole file at its end.
  var hexadecimal: String { hashes.digest(of: stream).description }

  /// The leaf hash of the line that was read last. What is read of the file is hashed at the same time.
  func leafHash(of line: UnsafeRawBufferPointer) -> Digest {
    hasLeaves ? leaves[aheadNext - 1] : hashes.leaf(of: line)
  }

  /// Finds the next line, and those that lie whole in the buffer behind it, up to as many as are hashed at once.
  private func lookAhead() throws {
    aheadCount = 0
    aheadNext = 0
    hasLeaves = false
    var searched = start
    while true {
      if let line = line(at: start, searched: searched) {
        ahead[0] = line
        aheadCount = 1
        break
      }
      guard end - start <= maximumLineBytes else { throw Fault.tooLong }
      searched = end
      let moved = start
      guard try fill() else {
        guard start == end else { throw Fault.unended }
        return
      }
      searched -= moved - start
    }
    guard linesAtOnce > 1 else { return }
    var next = start + ahead[0].count + 1
    while aheadCount < linesAtOnce, let line = line(at: next, searched: next) {
      ahead[aheadCount] = line
      aheadCount += 1
      next += line.count + 1
    }
    hasLeaves = LeafHash.hash(sideBySide: UnsafeBufferPointer(rebasing: ahead[..<aheadCount]), into: leaves)
  }

  /// The line that begins at `place`; nil where its end was not read yet, and where it is longer than any.
  private func line(at place: Int, searched: Int) -> UnsafeRawBufferPointer? {
    guard searched < end, let base = buffer.baseAddress,
      let found = memchr(base + searched, Int32(UInt8(ascii: "\n")), end - searched)
    else { return nil }
    let count = UnsafeRawPointer(found) - UnsafeRawPointer(base + place)
    return count <= maximumLineBytes ? UnsafeRawBufferPointer(start: base + place, count: count) : nil
  }

  private func fill() throws -> Bool {
    hashes.settle(stream)
    if start > 0 {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
      end -= start
      start = 0
    }
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[end..<min(buffer.count, end + LineFile.pieceBytes)])
    let count = try file.read(into: room)
    hashes.lend(UnsafeRawBufferPointer(rebasing: room[..<count]), to: stream)
    end += count
    return count > 0
  }
}

extension LineFile.Fault {
  /// The fault as the end of a sentence about the line.
  var words: String {
    switch self {
    case .tooLong: "longer than any that is written"
    case .unended: "cut off"
    }
  }
}
