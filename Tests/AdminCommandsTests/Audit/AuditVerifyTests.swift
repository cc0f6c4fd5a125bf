import Foundation
import Testing
import TransparencyLog

/// What an auditor names on the command line, in the right place and in the wrong one.
@Suite("What is brought to audit verify")
struct AuditVerifyTests {
  let folder: URL
  let line: ProvedLine

  init() throws {
    folder = try temporaryFolder()
    line = try ProvedLine()
  }

  private func write(_ text: String, _ name: String) throws -> String {
    let url = folder.appending(path: name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  private func verify(_ path: String, _ more: String...) async -> CommandRun {
    let evidence = folder.appending(path: "case").path
    return await CommandRun.run(
      ["audit", "verify", path, "--vkey", line.key.verifierKey, "--evidence", evidence] + more)
  }

  private func json(_ object: [String: Any]) throws -> String {
    String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
  }

  @Test("What is no bundle and no proof is 64, and says with which option it is used, or what it looks like")
  func wrongKindsAreTold() async throws {
    let (head, receipt) = (try line.head().string, try line.receipt().string)
    let list = try json(["index": 0, "line": ["action": "team.created"], "proof": line.proof.text])
    let heads = try json(["log": line.origin, "note": head, "root": line.leaf.base64, "size": 1])
    let answer = try json(["aiRecord": ["uuid": "u"], "receipt": ["log": line.origin, "note": receipt]])
    let own = try json(["log": line.origin, "index": 0, "leaf": line.leaf.base64, "note": receipt])
    let cases = [
      ("head", head, "--known-head"), ("head-of-jq", head + "\n", "--known-head"),
      ("heads.jsonl", "\(heads)\n\(heads)\n", "--known-head"), ("receipt", receipt, "--receipt"),
      ("answer.json", answer, "--receipt"), ("pretty.json", "{\n\(answer.dropFirst())\n", "--receipt"),
      ("receipt.json", own, "--receipt"), ("list.jsonl", "\(list)\n\(list)\n", "jq -r .proof"),
      ("lines.jsonl", "{\"action\":\"team.created\",\"index\":0}\n", "--format bundle"),
      ("key", "\(line.key.verifierKey)\n", "--vkey"), ("empty", "", "it holds nothing"),
      ("text", "a,b\r\n", "it holds text"), ("json", "{\"a\":1}", "it holds JSON"),
      ("binary", "\u{0}\u{1}", "it holds binary data"), ("zip", "PK\u{3}\u{4}", "unpack"),
      ("cut.proof", String(line.proof.text.dropFirst(9)), "it holds a signed note"),
    ]
    for (name, text, words) in cases {
      let run = await verify(try write(text, name))
      #expect(run.status == 64 && run.errors.contains(words), "\(name): \(run.status) \(run.errors)")
      let previous = await verify(folder.path, "--previous", try write(text, name))
      #expect(previous.status == 64, "\(name): \(previous.errors)")
    }
    // One that begins as a proof is one, whatever became of it.
    #expect(await verify(try write(line.proof.text, "whole.proof")).status == 10)
    #expect(await verify(try write(String(line.proof.text.dropLast(30)), "damaged.proof")).status == 40)
    #expect(await verify(try write(line.proof.text.replacing("\n", with: "\r\n"), "mailed.proof")).status == 40)
  }

  @Test("A folder without a file of a bundle is 64, and the one inside is named")
  func foldersAreTold() async throws {
    let none = await verify(folder.path)
    #expect(none.status == 64 && none.errors.contains("has no file of a bundle"), "\(none.errors)")
    let table = try write("a,b\r\n", "inner/usage.csv")
    _ = try write("{}", "inner/manifest.json")
    let outer = await verify(folder.path)
    #expect(outer.status == 64 && outer.errors.contains("inner"), "\(outer.errors)")
    let file = await verify(table)
    #expect(file.status == 64 && file.errors.contains("name its folder"), "\(file.errors)")
    // What is left of a bundle is altered.
    #expect(await verify(folder.appending(path: "inner").path).status == 40)
    try FileManager.default.removeItem(atPath: folder.appending(path: "inner/manifest.json").path)
    _ = try write(try line.head().string, "inner/checkpoint")
    #expect(await verify(folder.appending(path: "inner").path).status == 40)
    let known = await verify(
      try write(line.proof.text, "line.proof"), "--known-head", folder.appending(path: "inner").path)
    #expect(known.status == 64 && known.errors.contains("inner/checkpoint"), "\(known.errors)")
  }

  @Test("The texts of a contradiction are never written over those of another one")
  func evidenceIsKept() async throws {
    let proof = try write(line.proof.text, "line.proof")
    let heads = try (1...3).map { try line.head(root: LeafHash.hash([$0])).string }
    func held(_ folder: String) throws -> String {
      try String(contentsOf: self.folder.appending(path: "\(folder)/held.note"), encoding: .utf8)
    }
    for (number, head) in zip(["", "-2", "-3"], heads) {
      // Told twice, a case is kept once.
      for _ in 0..<2 {
        let run = await verify(proof, "--known-head", try write(head, "head"))
        #expect(run.status == 30 && run.errors.contains("case\(number)."), "\(run.errors)")
        #expect(run.output.contains(folder.appending(path: "case\(number)").path), "\(run.output)")
      }
    }
    #expect(try ["case", "case-2", "case-3"].map(held) == heads)
    #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "case-4").path))
    // A name that is taken by anything else is passed over too.
    try FileManager.default.createDirectory(
      at: folder.appending(path: "case-4/proof"), withIntermediateDirectories: true)
    let head = try line.head(root: LeafHash.hash([4])).string
    #expect(await verify(proof, "--known-head", try write(head, "head")).status == 30)
    #expect(try held("case-5") == head)
  }

  @Test("A head and a proof count with the empty line that jq puts behind them")
  func emptyEndsArePassedOver() async throws {
    let proof = try write(line.proof.text + "\n", "line.proof")
    let head = try write(try line.head().string + "\n", "head")
    #expect(await verify(proof).status == 10)
    let extending = await verify(proof, "--known-head", head)
    #expect(extending.status == 0)
    // Only what a proof of a line has is printed of it.
    for words in ["Log covered", "Its lines", "From line", "Charged"] {
      #expect(!extending.output.contains(words), "\(extending.output)")
    }
    let twice = await verify(proof, "--known-head", try write(try line.head().string + "\n\n", "twice"))
    #expect(twice.status == 64, "\(twice.errors)")
  }

  @Test("That the operator's log covers a head is checked offline, with the exit statuses of a bundle")
  func coveredHeadsAreChecked() async throws {
    let (text, operators) = try line.headProof()
    let proof = try write(text, "acme.head-proof")
    let (head, other) = (try line.head(), try line.head(root: LeafHash.hash([1])))
    let proved = await verify(proof, "--json")
    #expect(proved.status == 10 && proved.output.contains(line.origin), "\(proved.output) \(proved.errors)")
    #expect(await verify(proof, "--known-head", try write(head.string, "head")).status == 0)
    #expect(await verify(proof, "--known-head", try write(operators.string, "operators")).status == 0)
    let contradicted = await verify(proof, "--known-head", try write(other.string, "other"))
    #expect(contradicted.status == 30 && contradicted.output.contains("case"), "\(contradicted.output)")
    for (name, altered) in [
      ("size", text.replacing("head \(line.origin) 1 ", with: "head \(line.origin) 2 ")),
      ("count", text.replacing("count 1", with: "count 2")), ("cut", String(text.dropLast(20))),
    ] {
      let run = await verify(try write(altered, name))
      #expect(run.status == 40, "\(name): \(run.status) \(run.output) \(run.errors)")
    }
    let unpinned = await CommandRun.run(["audit", "verify", proof])
    #expect(unpinned.status == 64 && unpinned.errors.contains("--vkey"), "\(unpinned.errors)")
  }
}
