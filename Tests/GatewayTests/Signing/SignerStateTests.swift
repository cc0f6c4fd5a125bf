import Foundation
import Gateway
import Ledger
import LedgerStore
import Testing
import TransparencyLog

/// The signer's state file: what was noted is found again, and nothing else is believed.
@Suite struct SignerStateTests {
  private static let id = SignerStateID(bits: 0x0123_4567_89AB_CDEF)

  private static func signed(_ size: Int64) -> SignedSize {
    SignedSize(size: size, root: LeafHash.hash(Array("root of \(size)".utf8)))
  }

  private static func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "signer-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private static func bytes(_ folder: String) throws -> Data {
    try #require(FileManager.default.contents(atPath: folder + "/log.state"))
  }

  @Test func whatWasNotedIsFoundAgain() throws {
    try Self.withFolder { folder in
      #expect(try SignerStateFile.open(folder: folder) == nil)
      try SignerStateFile.write(SignerState(id: Self.id, heads: ["tally.local/a": Self.signed(1)]), folder: folder)
      let file = try #require(try SignerStateFile.open(folder: folder))
      try file.note([
        NewHead(origin: "tally.local/a", signed: Self.signed(3)),
        NewHead(origin: "tally.local/b", signed: Self.signed(2)),
      ])
      try file.note([NewHead(origin: "tally.local/a", signed: Self.signed(7))])
      let expected = SignerState(
        id: Self.id, heads: ["tally.local/a": Self.signed(7), "tally.local/b": Self.signed(2)])
      #expect(file.state == expected)
      #expect(try SignerStateFile.state(inFolder: folder) == expected)
      let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/log.state")
      #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
  }

  @Test func aFileThatGrewIsWrittenAnewWithoutWhatWasReplaced() throws {
    try Self.withFolder { folder in
      try SignerStateFile.write(SignerState(id: Self.id), folder: folder)
      let file = try #require(try SignerStateFile.open(folder: folder))
      for round in 0..<50 {
        try file.note((1...100).map { NewHead(origin: "tally.local/a", signed: Self.signed(Int64(round * 100 + $0))) })
      }
      #expect(try Self.bytes(folder).count < 100_000)
      #expect(try SignerStateFile.state(inFolder: folder)?.heads == ["tally.local/a": Self.signed(5_000)])
    }
  }

  @Test func aLineThatWasBeingWrittenIsPassedOver() throws {
    try Self.withFolder { folder in
      try SignerStateFile.write(SignerState(id: Self.id, heads: ["tally.local/a": Self.signed(1)]), folder: folder)
      let whole = try Self.bytes(folder)
      let first = try #require(try SignerStateFile.state(inFolder: folder))
      try #require(try SignerStateFile.open(folder: folder)).note([
        NewHead(origin: "tally.local/a", signed: Self.signed(2))
      ])
      let longer = try Self.bytes(folder)
      for count in whole.count..<longer.count {
        try longer.prefix(count).write(to: URL(filePath: folder + "/log.state"))
        let file = try #require(try SignerStateFile.open(folder: folder))
        #expect(file.state == first)
        // The next one does not stand behind the rest of it.
        try file.note([NewHead(origin: "tally.local/a", signed: Self.signed(2))])
        #expect(try Self.bytes(folder) == longer)
      }
    }
  }

  @Test func aDamagedFileIsRefused() throws {
    try Self.withFolder { folder in
      let state = SignerState(
        id: Self.id, heads: ["tally.local/a": Self.signed(10), "tally.local/b": Self.signed(20)])
      try SignerStateFile.write(state, folder: folder)
      let whole = [UInt8](try Self.bytes(folder))
      func refuses(_ bytes: [UInt8]) throws -> Bool {
        try Data(bytes).write(to: URL(filePath: folder + "/log.state"))
        do {
          _ = try SignerStateFile.open(folder: folder)
          return false
        } catch is SignerStateFault {
          return true
        }
      }
      // A flip of the last line feed leaves a line that is not whole; nothing was signed by such a one.
      for position in whole.indices.dropLast() {
        var bytes = whole
        bytes[position] ^= 1
        #expect(try refuses(bytes), "byte \(position)")
      }
      let lines = whole.split(separator: UInt8(ascii: "\n"))
      func joined(_ order: [Int]) -> [UInt8] { order.flatMap { lines[$0] + [UInt8(ascii: "\n")] } }
      #expect(try !refuses(joined([0, 1, 2, 3])))
      for order in [[0, 1, 3], [0, 1, 3, 2], [0, 1, 2, 2, 3], [0, 2, 3], [1, 2, 3], [], [0]] {
        #expect(try refuses(joined(order)), "lines \(order)")
      }
    }
  }

  @Test func aFileInAnothersPlaceIsNotGoneOnWith() throws {
    try Self.withFolder { folder in
      try SignerStateFile.write(SignerState(id: Self.id), folder: folder)
      let file = try #require(try SignerStateFile.open(folder: folder))
      let other = SignerState(id: SignerStateID(bits: 2), heads: ["tally.local/b": Self.signed(3)])
      try SignerStateFile.write(other, folder: folder)
      #expect(throws: FileFault.self) { try file.note([NewHead(origin: "tally.local/a", signed: Self.signed(2))]) }
      #expect(try SignerStateFile.state(inFolder: folder) == other)
    }
  }
}
