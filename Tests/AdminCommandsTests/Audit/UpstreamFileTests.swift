import AdminCommands
import Foundation
import Ledger
import LedgerStore
import Testing

@Suite struct UpstreamFileTests {
  private static func calls(in text: String) throws -> [TruthLogEntry] {
    let file = FileManager.default.temporaryDirectory.appending(path: "upstream-\(UUID().uuidString)")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    var calls: [TruthLogEntry] = []
    try UpstreamFile(file.path).forEachCall { calls.append($0) }
    return calls
  }

  private static let at = Timestamp(rfc3339: "2026-11-23T11:59:50.5Z")
  private static let whole = TruthLogEntry(
    isEdit: true, uuid: "u1", requestID: "r1", worked: true, at: at, credits: Credits(33_000))
  private static let object =
    #"{"at":"2026-11-23T11:59:50.500Z","type":"IMAGE_EDITOR","uuid":"u1","requestId":"r1","worked":true,"credits":33000,"answered":200}"#

  @Test(arguments: [
    object + "\n",
    object,
    "\n" + object + "\r\n\r\n",
    "[\(object)]",
    "[\n \(object)\n]\n",
    "at,uuid,requestId,worked,credits,type\r\n2026-11-23T11:59:50.5Z,u1,r1,true,33000,IMAGE_EDITOR\r\n",
    "\u{FEFF}\"at\",credits,uuid,note,requestId\n\"2026-11-23 12:59:50.5+01:00\",\"33000\",u1,\"a \"\"b\"\", c\",r1",
  ])
  func oneCallIsReadFromEveryForm(text: String) throws {
    #expect(try Self.calls(in: text) == [Self.whole])
  }

  @Test func whatTheUpstreamDoesNotSayIsNotKnown() throws {
    let calls = try Self.calls(in: "at,uuid,credits\n2026-11-23T11:59:50.5Z,u1,\n2026-11-23T11:59:50.5Z,u2,0\n")
    #expect(calls.map(\.credits) == [nil, .zero])
    #expect(calls.map(\.worked) == [true, false])
    #expect(calls.map(\.requestID) == [nil, nil])
    let others = try Self.calls(
      in: #"{"at":"2026-11-23T11:59:50.5Z","type":"ASSET","uuid":null,"requestId":null,"worked":true,"credits":0}"#)
    #expect(others.map(\.isEdit) == [false])
  }

  @Test(arguments: [
    ("uuid,credits\nu1,1", "line 1: a heading"),
    ("at,credits\n2026-11-23T11:59:50Z,1", "line 1: a heading"),
    ("at,uuid,uuid\n", "line 1: a column is named twice"),
    ("at,uuid\n2026-11-23T11:59:50Z", "line 2: it has 1 cells"),
    ("at,uuid\n2026-11-23,u1", "line 2: at"),
    ("at,uuid\n,u1", "line 2: at"),
    ("at,uuid,credits\n2026-11-23T11:59:50Z,u1,-1", "line 2: credits"),
    ("at,uuid,credits\n2026-11-23T11:59:50Z,u1,1.5", "line 2: credits"),
    ("at,uuid,worked\n2026-11-23T11:59:50Z,u1,yes", "line 2: worked"),
    ("at,uuid\n2026-11-23T11:59:50Z,\"u1", "line 2: a quoted cell"),
    ("at,uuid\n2026-11-23T11:59:50Z,\"u1\"x", "line 2: something follows"),
    ("{\"at\":1}", "line 1: it is no JSON object"),
    ("{\"uuid\":\"u1\"}", "line 1: at"),
    ("{\"at\":\"2026-11-23T11:59:50Z\",\"credits\":-5}", "line 1: credits"),
    (object + "\n{", "line 2: it is no JSON object"),
    ("[1,", "no"),
    ("[1]", "element 1"),
    ("at,uuid\n" + String(repeating: "x", count: UpstreamFile.lineBytesMaximum + 300_000), "line 2"),
  ])
  func faultsNameTheirLine(text: String, says: String) throws {
    let failure = #expect(throws: CommandFailure.self) { _ = try Self.calls(in: text) }
    #expect(failure?.message.contains(says) == true, "\(failure?.message ?? "")")
  }

  @Test func aFileThatIsNotThereIsNamed() {
    let failure = #expect(throws: CommandFailure.self) { _ = try UpstreamFile("/nowhere/usage.csv") }
    #expect(failure?.status == .usage)
    #expect(failure?.message.contains("/nowhere/usage.csv") == true)
  }
}
