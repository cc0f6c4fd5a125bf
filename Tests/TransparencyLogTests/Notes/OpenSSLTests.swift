import Foundation
import Testing
import TransparencyLog

/// Where openssl is; nil where it is not installed.
private let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl", "/opt/homebrew/bin/openssl"]
  .first { FileManager.default.isExecutableFile(atPath: $0) }

/// The signatures checked by a program that shares no code with ours, as an auditor without it would.
@Suite("OpenSSL", .enabled(if: openssl != nil, "openssl is installed"))
struct OpenSSLTests {
  @Test("openssl verifies a note's signature, and refuses it over another text")
  func opensslVerifiesOurSignatures() throws {
    let key = try #require(NoteSigningKey(newNamed: "tally.local"))
    let head = try Checkpoint(origin: "tally.local/team", size: 0, root: NodeHash.emptyRoot)
    let note = try head.signed(by: key)
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // A public key in DER: the identifier of Ed25519, then the 32 bytes (RFC 8410, section 4).
    let der = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00] + key.verifier.publicKey
    try Data(der).write(to: folder.appending(path: "key.der"))
    try Data(note.signatures[0].bytes).write(to: folder.appending(path: "signature"))
    try Data(note.text).write(to: folder.appending(path: "text"))
    try Data(note.text + note.text).write(to: folder.appending(path: "other"))
    #expect(try verify("text", in: folder) == 0)
    #expect(try verify("other", in: folder) != 0)
  }

  private func verify(_ text: String, in folder: URL) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: try #require(openssl))
    process.currentDirectoryURL = folder
    process.arguments = [
      "pkeyutl", "-verify", "-pubin", "-inkey", "key.der", "-keyform", "DER", "-rawin", "-in", text, "-sigfile",
      "signature",
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
