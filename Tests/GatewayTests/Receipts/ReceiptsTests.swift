import Gateway
import HTTPTypes
import Ledger
import LedgerStore
import Synchronization
import Testing
import TransparencyLog

/// Signed receipts (docs/audit.md, receipts).
@Suite struct ReceiptsTests {
  private let key: NoteSigningKey
  private let older: NoteSigningKey

  init() throws {
    key = try #require(NoteSigningKey(newNamed: "tally.local"))
    older = try #require(NoteSigningKey(newNamed: "tally.local"))
  }

  @Test func aReceiptIsASignedNoteOverWhatItSays() throws {
    let position = Fixtures.position()
    let receipt = Receipts(signedBy: [key]).receipt(of: position)
    let note = try SignedNote(bytes: Array(try #require(receipt.note).utf8))
    let read = try LogReceipt(note, signedBy: [key.verifier], origin: position.log)
    #expect(read.index == position.index && read.leaf == position.leaf && read.at == position.at.rfc3339)
    let lines = String(decoding: note.text, as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(lines == [position.log, "receipt", "4", position.leaf.base64, "2026-11-23T12:00:01.000000Z"])
    #expect(throws: NoteError.self) { try note.verify([older.verifier]) }
  }

  @Test func bothKeysSignWhileOneTakesTheOthersPlace() throws {
    let receipt = Receipts(signedBy: [key, older]).receipt(of: Fixtures.position())
    let note = try SignedNote(bytes: Array(try #require(receipt.note).utf8))
    #expect(try note.verify([key.verifier]) == [key.verifier])
    #expect(try note.verify([older.verifier]) == [older.verifier])
    #expect(note.signatures.count == 2)
  }

  @Test func aLineHasOneReceiptHoweverOftenItIsAskedFor() {
    let notes = (0..<20).map { _ in Receipts(signedBy: [key]).receipt(of: Fixtures.position()).note }
    #expect(Set(notes).count == 1)
  }

  @Test func withoutAKeyNothingIsSigned() {
    #expect(Receipts().receipt(of: Fixtures.position()) == Receipt(Fixtures.position(), note: nil))
  }

  @Test func theEditsAnswerAndItsResultCarryTheSameNote() async throws {
    var gateway = GatewayUnderTest()
    gateway.receipts = Receipts(signedBy: [key])
    gateway.ledger.answers.withLock { $0.record = Fixtures.stored(.settled) }
    let ledger = gateway.ledger
    try await gateway.run { client async throws in
      let edit = try await client.edit()
      let note = try #require(edit.json?.at("receipt", "note")?.text)
      #expect(throws: Never.self) { try SignedNote(bytes: Array(note.utf8)).verify([key.verifier]) }
      for path in ["/api/results/\(Fixtures.record)", "/v1/records/\(Fixtures.record)"] {
        let answer = try await client.send(.get, path)
        #expect(answer.json?.at("receipt", "note")?.text == note, "\(path)")
      }
      ledger.answers.withLock { $0.record = Fixtures.stored(.held) }
      let running = try await client.send(.get, "/api/results/\(Fixtures.record)")
      #expect(running.json?.at("receipt") == .null)
    }
  }

  @Test func aRepeatedEditIsAnsweredWithTheReceiptOfItsLine() async throws {
    var gateway = GatewayUnderTest()
    gateway.receipts = Receipts(signedBy: [key])
    gateway.ledger.answers.withLock { $0.record = Fixtures.stored(.settled) }
    gateway.ledger.answers.withLock {
      $0.hold = .success(.repeated(RepeatedEdit(record: Fixtures.record, state: .settled)))
    }
    let again = try await gateway.run { try await $0.edit(headers: [("Idempotency-Key", "k")]) }
    #expect(
      again.json?.at("receipt", "note")?.text == Receipts(signedBy: [key]).receipt(of: Fixtures.position()).note)
  }
}
