import Foundation
import Ledger
import TallyTesting
import Testing
import TransparencyLog

extension EndToEnd {
  @Suite("Receipts")
  struct ReceiptTests {
    /// Makes keys, and answers the arguments of a gateway that has them.
    private static func makeKeys(in folder: URL, logName: String = "tally.local") async throws -> [String] {
      let made = try await TallyCommand(folder: folder).run([
        "keys", "init", "--data-dir", folder.path, "--log-name", logName,
      ])
      guard made.status == 0 else { throw ProcessFailure("tally keys init: \(made.errors)") }
      return [
        "--receipt-key-file", folder.appending(path: "keys/receipt.key").path, "--signing-key-file",
        folder.appending(path: "keys/log.key").path,
      ]
    }

    @Test("An edit's receipt is signed by a key that its own log announces, and is the line's")
    func receiptVerifiesAgainstTheLog() async throws {
      let keys = try TemporaryFolder()
      let serve = try await Self.makeKeys(in: keys.url)
      try await World.with(gateways: 2, serveArguments: serve) { world in
        let member = try await world.makeMember()
        let answer = try await world.submit(as: member)
        #expect(answer.status == 200)
        let receipt = answer.json["receipt"]
        let note = try SignedNote(bytes: Array(try #require(receipt["note"].string).utf8))
        let log = try await world.log(of: member.team)
        let announced = log.compactMap { line -> LogKeyAnnounced? in
          if case .logKeyAnnounced(let event) = line.event { event } else { nil }
        }
        #expect(announced.map(\.use.rawValue).sorted() == ["checkpoint", "receipt"])
        let vkey = try #require(announced.first { $0.use == .receipt }?.vkey)
        let key = try #require(NoteVerifierKey(text: vkey))
        let said = try LogReceipt(note, signedBy: [key], origin: receipt["log"].string)
        let line = log[Int(said.index)]
        #expect(said.leaf == LeafHash.hash(line.bytes) && said.leaf == line.leaf)
        #expect(said.at == line.header.at.rfc3339 && said.origin == line.header.log)
        #expect(line.event.action == .editSettled)
        // The result shows the same receipt, also through another gateway, and no line came of that.
        let uuid = try #require(answer.json["aiRecord"]["uuid"].string)
        for gateway in world.gateways {
          let again = try await HTTP(base: gateway.address).with(key: member.key).get("/api/results/\(uuid)")
          #expect(again.json["receipt"]["note"].string == receipt["note"].string)
        }
        #expect(try await world.submit(as: member, through: 1).status == 200)
        #expect(try await world.log(of: member.team).count == log.count + 2)
        let check = try await world.check()
        #expect(check.status == 0, "\(check.output) \(check.errors)")
      }
    }

    @Test("A receipt key that is named otherwise than the logs stops serve, which says what to do")
    func keyOfAnotherNameStopsServe() async throws {
      let keys = try TemporaryFolder()
      let serve = try await Self.makeKeys(in: keys.url, logName: "tally.other")
      let tally = TallyCommand(folder: keys.url, databaseURL: "postgres://nobody@127.0.0.1:1/nothing")
      let answer = try await tally.run(
        ["serve", "--listen", "127.0.0.1:0"] + serve, environment: ["TALLY_UPSTREAM_KEY": "k"])
      #expect(answer.status == 64)
      #expect(answer.errors.contains("--log-name tally.other"))
    }
  }
}
