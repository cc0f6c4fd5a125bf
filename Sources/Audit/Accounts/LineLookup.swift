import Ledger

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Finds single lines in a bundle's files again, by their indexes: a credit names lines that were forgotten long ago. It
/// remembers where every 64th line stands, which takes an eighth of a byte for each line.
struct LineLookup: EarlierLines {
  /// What is known of a file: where its first line stands, and every 64th one behind it.
  private struct KnownFile {
    var name: String
    var first: Int64
    var offsets: [Int64] = []
  }

  private let folder: String
  private var files: [KnownFile] = []
  private var next: Int64

  private static let stride: Int64 = 64
  private static let pieceBytes = 32 * 1024

  /// Nothing yet of the bundle in `folder`, whose first line will be at `from`.
  init(folder: String, from: Int64) {
    self.folder = folder
    next = from
  }

  /// Notes that the next line begins at `offset` of the file of that name.
  mutating func note(_ name: String, offset: Int64, isFirst: Bool) {
    if isFirst { files.append(KnownFile(name: name, first: next)) }
    let last = files.count - 1
    if last >= 0, (next - files[last].first) % LineLookup.stride == 0 { files[last].offsets.append(offset) }
    next += 1
  }

  /// The line at `index`; nil where it was not noted or is not there any more. Throws a `FileError`.
  func line(at index: Int64) throws -> [UInt8]? {
    guard index < next, let known = files.last(where: { $0.first <= index }) else { return nil }
    let (step, skipped) = (index - known.first).quotientAndRemainder(dividingBy: LineLookup.stride)
    let file = try OpenFile(reading: "\(folder)/\(known.name)")
    return try withUnsafeTemporaryAllocation(byteCount: LineLookup.pieceBytes, alignment: 16) { piece in
      try LineLookup.line(of: file, behind: skipped, from: known.offsets[Int(step)], piece)
    }
  }

  /// The line behind so many others that begin at `offset`, read through `piece`.
  private static func line(
    of file: OpenFile, behind skipped: Int64, from offset: Int64, _ piece: UnsafeMutableRawBufferPointer
  ) throws -> [UInt8]? {
    var (skipped, offset) = (skipped, offset)
    var line: [UInt8] = []
    while true {
      let count = try file.read(into: piece, at: offset)
      guard count > 0 else { return nil }
      offset += Int64(count)
      var rest = UnsafeRawBufferPointer(rebasing: piece[..<count])
      while let start = rest.baseAddress, !rest.isEmpty {
        let end = memchr(start, Int32(UInt8(ascii: "\n")), rest.count).map { UnsafeRawPointer($0) - start }
        if skipped == 0 {
          line.append(contentsOf: rest.prefix(end ?? rest.count))
          guard line.count <= Line.byteCountMaximum else { return nil }
          if end != nil { return line }
        }
        guard let end else { break }
        skipped -= 1
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(end + 1))
      }
    }
  }
}
