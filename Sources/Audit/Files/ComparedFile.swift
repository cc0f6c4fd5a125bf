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
  private var hash = FileHash()
  private var buffer: [UInt8]
  private var start = 0
  private var end = 0
  /// How many rows were given.
  private(set) var rows: Int64 = 0
  /// Whether a row was not as it should be.
  private(set) var isDifferent = false
  /// The line whose row was the first that was not as it should be.
  private(set) var firstDifference: Int64?

  /// The file in `folder`. Throws a `FileError`.
  init(_ name: String, in folder: String) throws {
    self.name = name
    file = try OpenFile(reading: "\(folder)/\(name)")
    buffer = [UInt8](repeating: 0, count: 256 * 1024)
  }

  func append(_ bytes: [UInt8], index: Int64?) throws {
    rows += 1
    guard !isDifferent else { return }
    var position = 0
    while position < bytes.count {
      if start == end, try !fill() {
        return note(index)
      }
      let count = min(bytes.count - position, end - start)
      let isSame = bytes[position..<position + count].withUnsafeBytes { expected in
        buffer[start..<start + count].withUnsafeBytes { isEqual(expected, $0) }
      }
      guard isSame else { return note(index) }
      position += count
      start += count
    }
  }

  /// Reads the file to its end, and answers its bytes and hash. More than was given is a difference. Throws a `FileError`.
  func finish() throws -> FileHash {
    if !isDifferent, start < end { note(nil) }
    while try fill() {
      if !isDifferent { note(nil) }
    }
    return hash
  }

  private func note(_ index: Int64?) {
    isDifferent = true
    firstDifference = index
  }

  private func fill() throws -> Bool {
    let count = try buffer.withUnsafeMutableBytes { bytes in
      let count = try file.read(into: bytes)
      hash.update(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
      return count
    }
    start = 0
    end = count
    return count > 0
  }
}

private func isEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
  guard let left = left.baseAddress, let other = right.baseAddress else { return right.isEmpty }
  return memcmp(left, other, right.count) == 0
}
