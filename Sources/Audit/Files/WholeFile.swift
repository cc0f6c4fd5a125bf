/// Small files, read and written as a whole.
enum WholeFile {
  /// The bytes of the file. Throws a `FileError`, also where it has more than `maximumBytes`.
  static func read(_ path: String, maximumBytes: Int) throws(FileError) -> [UInt8] {
    let file = try OpenFile(reading: path)
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count: Int
      do {
        count = try piece.withUnsafeMutableBytes { try file.read(into: $0) }
      } catch let error as FileError {
        throw error
      } catch {
        throw FileError(path: path, what: "cannot be read")
      }
      guard count > 0 else { return bytes }
      guard bytes.count + count <= maximumBytes else {
        throw FileError(path: path, what: "is larger than \(maximumBytes) bytes")
      }
      bytes.append(contentsOf: piece[..<count])
    }
  }

  /// Writes the file anew. Throws a `FileError`.
  static func write(_ bytes: [UInt8], to path: String) throws {
    let file = try OpenFile(writing: path)
    try bytes.withUnsafeBytes { try file.write($0) }
    try file.synchronize()
  }
}
