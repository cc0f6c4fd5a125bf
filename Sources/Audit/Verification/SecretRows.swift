import Ledger

/// Reads `private.jsonl` beside the lines: a row belongs to a line of its index, and erased ones are not there.
final class SecretRows {
  private let file: LineFile
  private var next: (index: Int64, secret: LineSecret)?
  /// Rows that were read.
  private(set) var rows: Int64 = 0

  /// The rows of the file at `path`. Throws a `BundleFault`, and a `FileError`.
  init(_ path: String) throws {
    file = try LineFile(path, maximumLineBytes: LineSecret.maximumRowBytes)
    try advance()
  }

  /// Compares the line's row, where there is one, with the hash in the line. Throws a `BundleFault`, and a `FileError`.
  func take(_ line: TakenLine) throws {
    guard let row = next, row.index <= line.index else { return }
    guard row.index == line.index, row.secret.commitment == line.commitment.bytes else {
      throw BundleFault(BundleFile.secrets, index: row.index, "is not what the line's hash is of")
    }
    try advance()
  }

  /// The hash of the file, which must have been read to its end. Throws a `BundleFault`.
  func finish() throws -> (bytes: Int64, sha256: String) {
    if let row = next { throw BundleFault(BundleFile.secrets, index: row.index, "is of no line of the range") }
    return (file.offset, file.hexadecimal)
  }

  private func advance() throws {
    do {
      guard let row = try file.next() else {
        next = nil
        return
      }
      guard let parsed = LineSecret.parse(row) else {
        throw BundleFault(BundleFile.secrets, "has a row that is none, row \(rows + 1)")
      }
      next = parsed
      rows += 1
    } catch let fault as LineFile.Fault {
      throw BundleFault(BundleFile.secrets, "has a row that is \(fault.words), row \(rows + 1)")
    }
  }
}
