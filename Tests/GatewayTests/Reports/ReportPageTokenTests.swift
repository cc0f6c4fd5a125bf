import Gateway
import Ledger
import LedgerStore
import Testing

@Suite struct ReportPageTokenTests {
  private static func token(zone: String = "Asia/Kathmandu", size: Int64 = 12_345, at: Timestamp = Fixtures.now)
    -> ReportPageToken
  {
    ReportPageToken(
      question: Array(0..<16), next: Fixtures.at("2026-11-20T18:15:00Z"), end: Fixtures.at("2026-12-01T00:00:00Z"),
      timeZone: zone,
      asOf: UsagePosition(
        origin: "tally.local/\(Fixtures.team)", size: size,
        root: Digest32(bytes: Array(repeating: 7, count: 32)) ?? .zero,
        at: at))
  }

  @Test func tokenIsReadAsItWasWritten() {
    for zone in ["UTC", "Asia/Kathmandu", "America/Argentina/Buenos_Aires"] {
      let token = Self.token(zone: zone)
      #expect(ReportPageToken(token.text) == token)
      #expect(token.text.utf8.count <= ReportPageToken.maximumBytes)
      #expect(token.text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
    }
  }

  @Test func everyOtherTextIsRefused() {
    let text = Self.token().text
    for position in text.indices {
      var changed = text
      changed.replaceSubrange(position...position, with: text[position] == "A" ? "B" : "A")
      #expect(ReportPageToken(changed) == nil, "\(changed)")
    }
    for other in [
      "", "A", String(text.dropLast()), text + "A", text + "=", String(repeating: "A", count: 700), "\0", "ä",
      text + text,
    ] {
      #expect(ReportPageToken(other) == nil, "\(other)")
    }
  }

  /// What is whole and yet no page: it would be asked of the ledger.
  @Test func whatNoAnswerHadIsRefused() {
    var token = Self.token()
    token.end = token.next
    #expect(ReportPageToken(token.text) == nil)
    #expect(ReportPageToken(Self.token(zone: "Mars/Olympus_Mons").text) == nil)
    #expect(ReportPageToken(Self.token(size: -1).text) == nil)
    // Anybody can write a token: no number in it may be one that arithmetic ends at.
    #expect(ReportPageToken(Self.token(size: 0).text) == nil)
    for moment in [Int64.min, -1, .max] {
      #expect(ReportPageToken(Self.token(at: Timestamp(microseconds: moment)).text) == nil)
    }
  }
}
