import Exports
import Foundation
import Testing

/// Archives as Python's `tarfile` reads them.
@Suite struct TarEntryTests {
  /// What Python finds in an archive: a name and a size for each entry, or why it finds nothing.
  private static func entries(_ path: String) throws -> [String] {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      "import sys, tarfile\nfor m in tarfile.open(sys.argv[1], 'r:'): print(m.name, m.size, m.mtime, oct(m.mode), m.type)",
      path,
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    return text.split(separator: "\n").map(String.init)
  }

  /// Writes an archive whose files are holes.
  private static func archive(_ entries: [TarEntry], at path: String) throws {
    try Data().write(to: URL(filePath: path))
    let file = try #require(FileHandle(forWritingAtPath: path))
    for entry in entries {
      let header = entry.header
      #expect(header.count.isMultiple(of: TarEntry.blockBytes))
      try file.write(contentsOf: header)
      try file.truncate(atOffset: try file.offset() + UInt64(entry.size))
      try file.seekToEnd()
      try file.write(contentsOf: entry.padding)
    }
    try file.write(contentsOf: TarEntry.end)
    try file.close()
  }

  @Test func entriesOfAnySizeAreFound() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "tally-\(UUID().uuidString).tar").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let largest: Int64 = 0o77_777_777_777
    let sizes: [Int64] = [0, 1, 511, 512, 513, largest, largest + 1, 10_000_000_000, 3]
    let entries = sizes.enumerated().map { TarEntry(name: "folder/file-\($0)", size: $1, modified: 1_790_000_000) }
    try Self.archive(entries, at: path)
    let expected = entries.map { "\($0.name) \($0.size) 1790000000 0o644 b'0'" }
    #expect(try Self.entries(path) == expected)
  }

  @Test func onlyWhatIsTooLargeForTheHeaderTakesARecord() {
    let largest: Int64 = 0o77_777_777_777
    #expect(TarEntry(name: "a", size: largest, modified: 0).header.count == TarEntry.blockBytes)
    #expect(TarEntry(name: "a", size: largest + 1, modified: 0).header.count == 3 * TarEntry.blockBytes)
    for size in 0...1_025 as ClosedRange<Int64> {
      let padding = TarEntry(name: "a", size: size, modified: 0).padding.count
      #expect((Int(size) + padding).isMultiple(of: TarEntry.blockBytes) && padding < TarEntry.blockBytes)
    }
  }
}
