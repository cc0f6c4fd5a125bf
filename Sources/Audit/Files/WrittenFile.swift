/// A file that is being written, through a buffer, with its hash.
final class WrittenFile: RowFile {
  let name: String
  private let file: OpenFile
  private var buffer: [UInt8] = []
  private var hash = FileHash()
  private(set) var rows: Int64 = 0

  private static let pieceBytes = 256 * 1024

  /// A new file in `folder`. Throws a `FileError`.
  init(_ name: String, in folder: String) throws {
    self.name = name
    file = try OpenFile(writing: "\(folder)/\(name)")
    buffer.reserveCapacity(2 * WrittenFile.pieceBytes)
  }

  /// The file in `folder` whose first `byteCount` bytes, `rows` rows, are kept, and which goes on behind them. Throws a
  /// `FileError`.
  init(_ name: String, in folder: String, keeping byteCount: Int64, rows: Int64) throws {
    self.name = name
    let path = "\(folder)/\(name)"
    hash = try WrittenFile.hash(ofFirst: byteCount, of: path)
    file = try OpenFile(continuing: path, at: byteCount)
    self.rows = rows
    buffer.reserveCapacity(2 * WrittenFile.pieceBytes)
  }

  /// Bytes so far.
  var byteCount: Int64 { hash.byteCount + Int64(buffer.count) }

  func append(_ bytes: UnsafeRawBufferPointer, index: Int64?) throws {
    buffer.append(contentsOf: bytes)
    rows += 1
    if buffer.count >= WrittenFile.pieceBytes { try flush() }
  }

  /// Appends a row and a line feed.
  func appendLine(_ bytes: [UInt8]) throws {
    buffer.append(contentsOf: bytes)
    buffer.append(UInt8(ascii: "\n"))
    rows += 1
    if buffer.count >= WrittenFile.pieceBytes { try flush() }
  }

  /// Appends what is no row: a table's heading.
  func appendHeading(_ bytes: [UInt8]) {
    buffer.append(contentsOf: bytes)
  }

  /// Hands what was appended to the system. Throws a `FileError`.
  func flush() throws {
    try buffer.withUnsafeBytes { bytes in
      try file.write(bytes)
      hash.update(bytes)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Ends the file: it is on the disk, and this is what a manifest says of it. Throws a `FileError`.
  func finish(firstIndex: Int64? = nil, lastIndex: Int64? = nil, hasRows: Bool = true) throws -> BundleManifest.File {
    try flush()
    try file.synchronize()
    return BundleManifest.File(
      name: name, bytes: hash.byteCount, sha256: hash.hexadecimal, rows: hasRows ? rows : nil, firstIndex: firstIndex,
      lastIndex: lastIndex)
  }

  private static func hash(ofFirst count: Int64, of path: String) throws -> FileHash {
    var hash = FileHash()
    let file = try OpenFile(reading: path)
    var piece = [UInt8](repeating: 0, count: pieceBytes)
    while hash.byteCount < count {
      let read = try piece.withUnsafeMutableBytes { buffer in
        let wanted = min(Int64(buffer.count), count - hash.byteCount)
        let read = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(wanted)]))
        hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<read]))
        return read
      }
      guard read > 0 else { throw FileError(path: path, what: "became shorter") }
    }
    return hash
  }
}
