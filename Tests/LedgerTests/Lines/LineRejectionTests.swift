import Foundation
import Ledger
import Testing

/// The reader takes the canonical bytes and nothing else.
struct LineRejectionTests {
  private static let held = #"""
    {"action":"edit.held","actor":"key:00000000-0000-0000-0000-000000000001","amount":33000,\#
    "at":"2026-11-23T11:59:50.123456Z","budgets":[],"index":7,"instance":"00000000-0000-0000-0000-000000009a7e",\#
    "key":"00000000-0000-0000-0000-000000000001","log":"tally.local/x",\#
    "member":"00000000-0000-0000-0000-000000000ada","model":"gpt-image-1-mini","n":1,"priceVersion":1,\#
    "private":"0000000000000000000000000000000000000000000000000000000000000000","quality":"medium",\#
    "record":"00000000-0000-0000-0000-0000000000e1","size":"1024x1024","unitPrice":33000,"v":1}
    """#

  @Test func theLineItselfIsTaken() throws {
    let (header, event) = try Line.parse(Array(Self.held.utf8))
    #expect(header.index == 7)
    #expect(header.actor == .key(.first))
    #expect(event.record == .one)
  }

  @Test(arguments: [
    // Order, doubles, gaps, strangers.
    (#""amount":33000,"at":"2026-11-23T11:59:50.123456Z""#, #""at":"2026-11-23T11:59:50.123456Z","amount":33000"#),
    (#""n":1,"#, #""n":1,"n":1,"#), (#""n":1,"#, ""), (#""n":1,"#, #""n":1,"name":"x","#),
    (#""n":1"#, #""N":1"#), (#","v":1}"#, "}"), (#""v":1}"#, #""v":1,"w":1}"#),
    // Spacing.
    (#""n":1"#, #""n": 1"#), (#""n":1"#, #""n" :1"#), (#""n":1"#, "\"n\":1\n"), ("{", " {"), (#""v":1}"#, #""v":1} "#),
    (#""v":1}"#, "\"v\":1}\n"), ("[]", "[ ]"), ("\"n\":1,", "\"n\":1,\t"),
    // Numbers.
    (#""n":1"#, #""n":1.0"#), (#""n":1"#, #""n":1e0"#), (#""n":1"#, #""n":01"#), (#""n":1"#, #""n":+1"#),
    (#""n":1"#, #""n":-1"#), (#""n":1"#, #""n":-0"#), (#""n":1"#, #""n":"1""#), (#""n":1"#, #""n":null"#),
    (#""n":1"#, #""n":true"#), (#""n":1"#, #""n":"#), (#""n":1"#, #""n":9007199254740992"#),
    (#""n":1"#, #""n":18446744073709551617"#), (#""n":1"#, #""n":1111111111111111111111111111"#),
    (#""index":7"#, #""index":07"#), (#""v":1"#, #""v":2"#), (#""v":1"#, #""v":0"#),
    // Texts.
    ("medium", ""), ("medium", "med ium"), ("medium", #"med\u0069um"#), ("medium", #"medium\"#),
    ("medium", "m\u{e9}dium"), ("medium", "medium\u{301}"), ("medium", "med\u{0}ium"), ("medium", "med\u{7f}ium"),
    (#""medium""#, "null"), (#""medium""#, "'medium'"), ("medium", String(repeating: "m", count: 321)),
    // Values of their own form.
    ("edit.held", "edit.kept"), ("edit.held", "Edit.held"), ("edit.held", "edit.settled"),
    ("key:0", "kez:0"), ("key:00000000", "system"), (#""key:00000000-0000-0000-0000-000000000001""#, #""user""#),
    ("000000000ada", "000000000ADA"), ("000000000ada", "00000000ada"), ("000000000ada", "000000000adg"),
    ("00000000-0000-0000-0000-000000000ada", "00000000000000000000000000000ada"),
    (".123456Z", ".123Z"), (".123456Z", "Z"), (".123456Z", ".123456+00:00"), (".123456Z", ".1234567Z"),
    ("2026-11-23", "2026-02-30"), ("2026-11-23T11", "2026-11-23t11"), ("2026-11-23", "1969-12-31"),
    ("\"private\":\"0", "\"private\":\"F"), ("\"private\":\"0", "\"private\":\""),
    ("\"private\":\"0", "\"private\":\"00"),
    ("[]", "null"), ("[]", "{}"), ("[]", "[,]"), ("[]", "[{}]"), ("[]", ""),
  ])
  func otherBytesAreRefused(part: String, replacement: String) {
    let line = Self.held.replacingOccurrences(of: part, with: replacement, options: .literal)
    #expect(Array(line.utf8) != Array(Self.held.utf8))
    #expect(throws: LineError.self) { try Line.parse(Array(line.utf8)) }
  }

  @Test(arguments: [
    #"["edit","admin"]"#, #"["edit","edit"]"#, #"["admin","audit","reports","edit"]"#, #"["write"]"#, #"["edit",]"#,
    #""edit""#, "[null]",
  ])
  func scopesInAnyOtherOrderAreRefused(scopes: String) throws {
    let line = try #require(try GoldenLog.stored().first { try Line.parse($0).1.action == .keyIssued })
    let whole = #"["admin","audit","edit","reports"]"#
    let text = String(decoding: line, as: UTF8.self)
    let changed = text.replacingOccurrences(of: whole, with: scopes, options: .literal)
    #expect(changed != text)
    #expect(throws: LineError.self) { try Line.parse(Array(changed.utf8)) }
  }

  @Test func errorsNameTheField() {
    func error(_ part: String, _ replacement: String) -> LineError? {
      let line = Self.held.replacingOccurrences(of: part, with: replacement, options: .literal)
      do {
        _ = try Line.parse(Array(line.utf8))
        return nil
      } catch {
        return error
      }
    }
    #expect(error("edit.held", "edit.kept")?.reason == .unknownAction)
    #expect(error("edit.held", "edit.kept")?.field == "action")
    #expect(error(#""n":1,"#, "")?.field == "n")
    #expect(error(#""n":1,"#, "")?.reason == .notCanonical)
    #expect(error(#""v":1"#, #""v":2"#)?.reason == .unknownVersion)
    #expect(error("medium", "med ium")?.field == "quality")
    #expect(error("medium", "med ium")?.reason == .badValue)
    #expect(error(#""priceVersion":1"#, #""priceVersion":1.5"#)?.field == "private")
    #expect(error("[]", "[{}]")?.field == "end")
  }

  @Test func bytesThatAreNoUTF8AreRefused() {
    for bytes: [UInt8] in [[0xFF], [0xC3, 0x28], [0xC0, 0x80], [0xED, 0xA0, 0x80]] {
      var line = Array(Self.held.utf8)
      let position = line.firstIndex(of: UInt8(ascii: "g"))!
      line.replaceSubrange(position...position, with: bytes)
      #expect(throws: LineError.self) { try Line.parse(line) }
    }
  }

  @Test func aLineThatIsTooLongIsRefusedAtOnce() {
    let line = [UInt8](repeating: UInt8(ascii: "{"), count: Line.byteCountMaximum + 1)
    #expect(throws: LineError(.tooLong, field: "line", offset: Line.byteCountMaximum)) { try Line.parse(line) }
  }

  @Test func noBeginningOfALineIsALine() throws {
    for line in try GoldenLog.stored() + GoldenLog.storedRecoveries() {
      for count in 0..<line.count {
        guard (try? Line.parse(Array(line.prefix(count)))) == nil else {
          Issue.record("\(count) bytes of a line were taken")
          return
        }
      }
    }
  }

  /// Whatever the reader takes, it is the only form of what it read.
  @Test func whateverIsTakenIsWrittenTheSame() throws {
    var generator = SeededGenerator(seed: testSeed)
    let alphabet = Array(#""\{}[]:,. -+0129afAFZTnulltrue"#.utf8) + [0, 10, 127, 200]
    for line in try GoldenLog.stored() + GoldenLog.storedRecoveries() {
      for _ in 0..<400 {
        var changed = line
        let position = Int.random(in: changed.indices, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: changed[position] = alphabet.randomElement(using: &generator)!
        case 1: changed.insert(alphabet.randomElement(using: &generator)!, at: position)
        default: changed.remove(at: position)
        }
        guard let (header, event) = try? Line.parse(changed) else { continue }
        #expect(Line.write(event, header) == changed, "seed \(testSeed)")
      }
    }
  }

  @Test func aTextThatNeedsEscapingNeverEndsItsStringEarly() throws {
    let event = Event.teamCreated(
      TeamCreated(
        team: TestTeam.teamID, limit: nil, period: .month, timeZone: "\"},\\\u{0}\r\n",
        inDoubtChargeAfterSeconds: nil))
    let header = LineHeader(log: "x", index: 0, at: .epoch, actor: .system, private: .zero)
    let line = Line.write(event, header)
    let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
    #expect(object?["timeZone"] as? String == "\"},\\\u{0}\r\n")
    #expect(throws: LineError.self) { try Line.parse(line) }
  }
}
