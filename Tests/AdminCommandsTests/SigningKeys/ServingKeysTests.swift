import AdminCommands
import Foundation
import Ledger
import Testing
import TransparencyLog

@Suite("Keys that serve")
struct ServingKeysTests {
  private func settings(_ folder: URL, _ flags: [Setting: String] = [:]) throws -> SettingsReader {
    try SettingsReader(flags: flags.merging([.dataFolder: folder.path]) { own, _ in own }, environment: [:], file: nil)
  }

  private func write(_ key: NoteSigningKey, _ name: String, in folder: URL) throws -> String {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try key.secretText.write(to: file, atomically: true, encoding: .utf8)
    return file.path
  }

  private func message(_ body: () throws -> ServingKeys) -> String {
    do {
      return "no failure: \(try body().announcements)"
    } catch {
      return "\(error)"
    }
  }

  @Test("The keys of the data folder sign, and both are announced")
  func keysOfTheDataFolderSign() async throws {
    let folder = try temporaryFolder()
    #expect(await CommandRun.run("keys", "init", "--data-dir", folder.path).status == 0)
    let keys = try ServingKeys(try settings(folder))
    #expect(keys.receiptKeys.count == 1)
    let head = try String(contentsOf: folder.appending(path: "keys/log.vkey"), encoding: .utf8)
    #expect(keys.announcements.map(\.use) == [.receipt, .checkpoint])
    #expect(keys.announcements.last?.vkey == String(head.dropLast()))
    // A gateway that does not sign heads may have the vkey alone.
    try FileManager.default.removeItem(at: folder.appending(path: "keys/log.key"))
    #expect(try ServingKeys(try settings(folder)).announcements == keys.announcements)
  }

  @Test("Without a key receipts are not signed, unless one was named")
  func withoutAKeyNothingSigns() throws {
    let folder = try temporaryFolder()
    let keys = try ServingKeys(try settings(folder))
    #expect(keys.receiptKeys.isEmpty && keys.announcements.isEmpty)
    let said = message { try ServingKeys(try settings(folder, [.receiptKeyFile: "/nowhere/receipt.key"])) }
    #expect(said.contains("/nowhere/receipt.key") && said.contains("keys init"))
  }

  @Test("A key that is named otherwise than the logs is refused, with what to do")
  func keyOfAnotherNameIsRefused() throws {
    let folder = try temporaryFolder()
    let key = try #require(NoteSigningKey(newNamed: "tally.other"))
    let path = try write(key, "receipt.key", in: folder)
    let said = message { try ServingKeys(try settings(folder, [.receiptKeyFile: path])) }
    #expect(said.contains("tally.other") && said.contains("tally.local") && said.contains("--log-name tally.other"))
    #expect(!said.contains("PRIVATE"))
    let fits = try ServingKeys(try settings(folder, [.receiptKeyFile: path, .logName: "tally.other"]))
    #expect(fits.receiptKeys.map(\.verifier) == [key.verifier])
  }

  @Test("The key that was replaced signs too, and is announced")
  func replacedKeySignsToo() throws {
    let folder = try temporaryFolder()
    let (new, old) = try (
      #require(NoteSigningKey(newNamed: "tally.local")), #require(NoteSigningKey(newNamed: "tally.local"))
    )
    let (newPath, oldPath) = (try write(new, "new.key", in: folder), try write(old, "old.key", in: folder))
    let keys = try ServingKeys(try settings(folder, [.receiptKeyFile: newPath, .previousReceiptKeyFile: oldPath]))
    #expect(keys.receiptKeys.map(\.verifier) == [new.verifier, old.verifier])
    #expect(keys.announcements.map(\.vkey) == [new.verifierKey, old.verifierKey])
    let once = try ServingKeys(try settings(folder, [.receiptKeyFile: newPath, .previousReceiptKeyFile: newPath]))
    #expect(once.receiptKeys.count == 1)
    let alone = message { try ServingKeys(try settings(folder, [.previousReceiptKeyFile: oldPath])) }
    #expect(alone.contains("--receipt-key-file"))
  }

  @Test("A file that is no key is refused without being shown")
  func fileThatIsNoKeyIsRefused() throws {
    let folder = try temporaryFolder()
    let path = folder.appending(path: "receipt.key").path
    try "PRIVATE+KEY+nonsense".write(toFile: path, atomically: true, encoding: .utf8)
    let said = message { try ServingKeys(try settings(folder, [.receiptKeyFile: path])) }
    #expect(said.contains("no signing key") && !said.contains("nonsense"))
  }
}
