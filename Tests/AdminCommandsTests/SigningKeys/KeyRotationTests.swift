import AdminCommands
import Foundation
import Ledger
import Testing
import TransparencyLog

@Suite("Rotation of keys")
struct KeyRotationTests {
  private static let name = "tally.example"

  private func files(_ folder: URL) throws -> KeyFiles {
    let settings = try SettingsReader(
      flags: [.dataFolder: folder.path, .logName: Self.name], environment: [:], file: nil)
    return KeyFiles(settings)
  }

  private func vkeys(_ files: KeyFiles) throws -> [String] {
    try files.signingKeys(logName: Self.name).map(\.verifierKey)
  }

  @Test("The new key signs first and the old one beside it, until it is retired")
  func keysChangePlaces() throws {
    let folder = try temporaryFolder()
    let files = try files(folder)
    #expect(try vkeys(files) == [])
    let old = try files.make(logName: Self.name).verifierKey
    let rotation = files.rotation(of: .checkpoint)
    let keys = try rotation.prepare(logName: Self.name)
    #expect(keys.old.verifierKey == old)
    #expect(try vkeys(files) == [old])
    try rotation.finish()
    let new = keys.new.verifierKey
    #expect(try vkeys(files) == [new, old])
    let beside = try String(contentsOf: KeyFiles.verifierKeyFile(of: files.signingKey), encoding: .utf8)
    #expect(beside == new + "\n")
    #expect(throws: CommandFailure.self) { try rotation.prepare(logName: Self.name) }
    let retired = try rotation.retire()
    #expect(retired.vkey == old)
    #expect(try String(contentsOf: retired.kept, encoding: .utf8) == old + "\n")
    #expect(try vkeys(files) == [new])
    #expect(throws: CommandFailure.self) { try rotation.retire() }
    #expect(rotation.retiredKeys.map(\.text) == [old])
    #expect(files.rotation(of: .receipt).retiredKeys.isEmpty)
    // A key under another's id, and what is no key.
    for (name, text) in [("log.00000000.vkey", old), ("log.11111111.vkey", "nonsense")] {
      try Data(text.utf8).write(to: folder.appending(path: "keys/\(name)"))
    }
    #expect(rotation.retiredKeys.map(\.text) == [old])
    #expect(try rotation.prepare(logName: Self.name).old.verifierKey == new)
  }

  @Test("A rotation that was cut off goes on with the same key")
  func cutRotationGoesOn() throws {
    let folder = try temporaryFolder()
    let files = try files(folder)
    let old = try files.make(logName: Self.name).verifierKey
    let rotation = files.rotation(of: .receipt)
    let first = try rotation.prepare(logName: Self.name)
    #expect(try rotation.prepare(logName: Self.name).new.verifierKey == first.new.verifierKey)
    // As if it had ended between its steps: the old key is kept, the new one not in place.
    try FileManager.default.copyItem(at: files.receiptKey, to: files.previousReceiptKey)
    #expect(try rotation.prepare(logName: Self.name).new.verifierKey == first.new.verifierKey)
    try rotation.finish()
    #expect(try KeyFiles.verifierKey(in: files.receiptKey) == first.new.verifierKey)
    #expect(try KeyFiles.verifierKey(in: files.previousReceiptKey) == first.old.verifierKey)
    #expect(try vkeys(files) == [old])
  }

  @Test("A key of another name does not sign")
  func keyOfAnotherNameIsRefused() throws {
    let folder = try temporaryFolder()
    let files = try files(folder)
    _ = try files.make(logName: "tally.other")
    let error = #expect(throws: CommandFailure.self) { try files.signingKeys(logName: Self.name) }
    #expect(error?.description.contains("is named tally.other, but --log-name is tally.example") == true)
  }
}
