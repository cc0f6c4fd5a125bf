/// The header of one file in a tar archive: POSIX ustar, with a pax record for what does not fit into it (POSIX.1-2017,
/// pax interchange format).
package struct TarEntry {
  /// The unit of an archive, in bytes.
  package static let blockBytes = 512
  /// The largest size that ustar's eleven octal digits hold.
  private static let largestUstarSize: Int64 = 0o77_777_777_777

  /// Path in the archive, ASCII, at most 100 bytes.
  package var name: String
  /// Bytes of the file.
  package var size: Int64
  /// Seconds since 1970.
  package var modified: Int64

  /// The entry of a file.
  package init(name: String, size: Int64, modified: Int64) {
    self.name = name
    self.size = size
    self.modified = modified
  }

  /// The header's blocks.
  package var header: [UInt8] {
    guard size > TarEntry.largestUstarSize else { return block(name: name, size: size, kind: "0") }
    let record = TarEntry.record("size", "\(size)")
    var bytes = block(name: "\(name.prefix(90)).pax", size: Int64(record.count), kind: "x") + record
    bytes += TarEntry.padding(Int64(record.count))
    // Readers of pax take the size from the record.
    return bytes + block(name: name, size: 0, kind: "0")
  }

  /// What follows the file's bytes up to the next block.
  package var padding: [UInt8] { TarEntry.padding(size) }

  /// What ends an archive.
  package static let end = [UInt8](repeating: 0, count: 2 * blockBytes)

  private static func padding(_ size: Int64) -> [UInt8] {
    let rest = Int(size % Int64(blockBytes))
    return [UInt8](repeating: 0, count: rest == 0 ? 0 : blockBytes - rest)
  }

  /// `length key=value` with its own length, which counts itself.
  private static func record(_ key: String, _ value: String) -> [UInt8] {
    let text = " \(key)=\(value)\n"
    var length = text.utf8.count
    while length != text.utf8.count + "\(length)".utf8.count { length = text.utf8.count + "\(length)".utf8.count }
    return Array("\(length)\(text)".utf8)
  }

  private func block(name: String, size: Int64, kind: Character) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: TarEntry.blockBytes)
    func put(_ text: String, at offset: Int) {
      block.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
    }
    func octal(_ number: Int64, digits: Int) -> String {
      let text = String(number, radix: 8)
      return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
    put(String(decoding: name.utf8.prefix(100), as: UTF8.self), at: 0)
    put(octal(0o644, digits: 7), at: 100)
    put(octal(0, digits: 7), at: 108)
    put(octal(0, digits: 7), at: 116)
    put(octal(size, digits: 11), at: 124)
    put(octal(max(0, modified), digits: 11), at: 136)
    // The sum is made as if its own field were blank.
    put("        ", at: 148)
    put(String(kind), at: 156)
    put("ustar", at: 257)
    put("00", at: 263)
    put(octal(block.reduce(0) { $0 + Int64($1) }, digits: 6), at: 148)
    block[154] = 0
    return block
  }
}
