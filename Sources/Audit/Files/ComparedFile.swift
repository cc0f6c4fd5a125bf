import TransparencyLog

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file of a bundle that should hold exactly the rows that are given to it.
final class ComparedFile: RowFile {
  let name: String
  private let file: OpenFile
  private let hashes: StreamHashes
  private let stream: Int
  private var byteCount: Int64 = 0
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * 1024, alignment: 16)
  private var start = 0
  private var end = 0
  /// How many rows were given.
  private(set) var rows: Int64 = 0
  /// Whether a row was not as it should be.
  private(set) var isDifferent = false
  /// The line whose row was the first that was not as it should be.
  private(set) var firstDifference: Int64?

  /// The file in `folder`, whose hash is that stream of `hashes`. Throws a `FileError`.
  init(_ name: String, in folder: String, hashes: StreamHashes, stream: Int) throws {
    self.name = name
    self.hashes = hashes
    self.stream = stream
    file = try OpenFile(reading: "\(folder)/\(name)")
  }

  deinit {
    hashes.begin(stream)
    buffer.deallocate()
  }

  func append(_ bytes: UnsafeRawBufferPointer, index: Int64?) throws {
    rows += 1
    guard !isDifferent else { return }
    var position = 0
    while position < bytes.count {
      if start == end, try !fill() {
        return note(index)
      }
      let count = min(bytes.count - position, end - start)
      guard let expected = bytes.baseAddress, let found = buffer.baseAddress,
        memcmp(expected + position, found + start, count) == 0
      else { return note(index) }
      position += count
      start += count
    }
  }

  /// Reads the file to its end, and answers its bytes and hash. More than was given is a difference. A file that has more
  /// than `byteCount` bytes is not read further: its size alone is wrong. Throws a `FileError`.
  func finish(byteCount expected: Int64) throws -> (bytes: Int64, sha256: String) {
    if !isDifferent, start < end { note(nil) }
    while byteCount <= expected, try fill() {
      if !isDifferent { note(nil) }
    }
    return (byteCount, hashes.digest(of: stream).description)
  }

  private func note(_ index: Int64?) {
    isDifferent = true
    firstDifference = index
  }

  private func fill() throws -> Bool {
    hashes.settle(stream)
    let count = try file.read(into: buffer)
    hashes.lend(UnsafeRawBufferPointer(rebasing: buffer[..<count]), to: stream)
    byteCount += Int64(count)
    start = 0
    end = count
    return count > 0
  }
}
