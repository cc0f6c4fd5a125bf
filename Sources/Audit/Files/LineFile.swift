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
  private var hash = StreamHash()

  /// Large enough that calls of the system do not count, small enough for a processor's own memory.
  private static let pieceBytes = 256 * 1024

  /// Opens the file at `path`. Throws a `FileError`.
  init(_ path: String, maximumLineBytes: Int) throws(FileError) {
    file = try OpenFile(reading: path)
    self.maximumLineBytes = maximumLineBytes
    buffer = .allocate(byteCount: LineFile.pieceBytes + maximumLineBytes + 1, alignment: 16)
  }

  deinit {
    buffer.deallocate()
  }

  /// The next line without its line feed, in a buffer that is valid until the next call; nil at the file's end. Throws a
  /// `Fault` or a `FileError`.
  func next() throws -> UnsafeRawBufferPointer? {
    var searched = start
    while true {
      if let line = take(from: searched) { return line }
      guard end - start <= maximumLineBytes else { throw Fault.tooLong }
      searched = end
      let moved = start
      guard try fill() else {
        guard start == end else { throw Fault.unended }
        return nil
      }
      searched -= moved - start
    }
  }

  /// The hash of the bytes that were read so far: of the whole file at its end.
  var hexadecimal: String { hash.digest.description }

  /// The leaf hash of the line that was read last. What is read of the file is hashed at the same time.
  func leafHash(of line: UnsafeRawBufferPointer) -> Digest { LeafHash.hash(line, beside: &hash) }

  private func take(from searched: Int) -> UnsafeRawBufferPointer? {
    guard searched < end, let base = buffer.baseAddress,
      let found = memchr(base + searched, Int32(UInt8(ascii: "\n")), end - searched)
    else { return nil }
    let count = UnsafeRawPointer(found) - UnsafeRawPointer(base + start)
    guard count <= maximumLineBytes else { return nil }
    let line = UnsafeRawBufferPointer(start: base + start, count: count)
    start += count + 1
    offset += Int64(count + 1)
    return line
  }

  private func fill() throws -> Bool {
    hash.settle()
    if start > 0 {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
      end -= start
      start = 0
    }
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[end..<min(buffer.count, end + LineFile.pieceBytes)])
    let count = try file.read(into: room)
    hash.lend(UnsafeRawBufferPointer(rebasing: room[..<count]))
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
