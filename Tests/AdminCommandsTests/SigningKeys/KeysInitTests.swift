import AdminCommands
import Foundation
import Testing
import TransparencyLog

@Suite("tally keys init")
struct KeysInitTests {
  private func mode(_ path: String) throws -> Int {
    try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
  }

  @Test("It makes two keys that only their owner can read, and prints what auditors pin")
  func keysAreMadeForTheirOwnerOnly() async throws {
    let folder = try temporaryFolder().appending(path: "data").path
    let run = await CommandRun.run("keys", "init", "--data-dir", folder, "--log-name", "tally.example", "--json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try mode(folder + "/keys") == 0o700)
    #expect(try mode(folder + "/keys/log.key") == 0o600)
    #expect(try mode(folder + "/keys/receipt.key") == 0o600)
    let text = try String(contentsOfFile: folder + "/keys/log.key", encoding: .utf8)
    let key = try #require(NoteSigningKey(text: text))
    #expect(key.name == "tally.example")
    #expect(try String(contentsOfFile: folder + "/keys/log.vkey", encoding: .utf8) == key.verifierKey + "\n")
    #expect(run.output.contains(#""vkey":"\#(key.verifierKey)""#))
    #expect(!run.output.contains("PRIVATE"))
  }

  @Test("A key that is there is never overwritten")
  func keysAreNeverOverwritten() async throws {
    let folder = try temporaryFolder().path
    #expect(await CommandRun.run("keys", "init", "--data-dir", folder).status == 0)
    let before = try Data(contentsOf: URL(filePath: folder + "/keys/log.key"))
    try FileManager.default.removeItem(atPath: folder + "/keys/receipt.key")
    let again = await CommandRun.run("keys", "init", "--data-dir", folder)
    #expect(again.status == 1)
    #expect(again.errors.contains("not overwritten"))
    #expect(try Data(contentsOf: URL(filePath: folder + "/keys/log.key")) == before)
    #expect(!FileManager.default.fileExists(atPath: folder + "/keys/receipt.key"))
  }

  @Test("A name that cannot be a key's is refused and leaves nothing")
  func wrongNameIsRefused() async throws {
    let folder = try temporaryFolder().path
    let run = await CommandRun.run("keys", "init", "--data-dir", folder, "--log-name", "two words")
    #expect(run.status == 64)
    #expect(!FileManager.default.fileExists(atPath: folder + "/keys/log.key"))
  }
}
