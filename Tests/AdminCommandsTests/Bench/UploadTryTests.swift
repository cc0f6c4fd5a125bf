import AdminCommands
import Testing

@Suite("Uploads before a load")
struct UploadTryTests {
  @Test("A busy gateway is asked again when it wants to be, within limits", arguments: [429, 503, nil] as [Int?])
  func busyGatewayIsAskedAgain(status: Int?) {
    #expect(UploadTry(number: 1, status: status, retryAfter: "2") == .waits(seconds: 2))
    #expect(UploadTry(number: 2, status: status, retryAfter: "0") == .waits(seconds: UploadTry.usualWaitSeconds))
    #expect(UploadTry(number: 3, status: status, retryAfter: "86400") == .waits(seconds: UploadTry.longestWaitSeconds))
    for text in [nil, "", "soon", "-1"] {
      #expect(
        UploadTry(number: 4, status: status, retryAfter: text) == .waits(seconds: UploadTry.usualWaitSeconds))
    }
  }

  @Test("The tries have an end")
  func triesHaveAnEnd() {
    #expect(UploadTry(number: UploadTry.maximum - 1, status: 503, retryAfter: "1") != .isOver)
    #expect(UploadTry(number: UploadTry.maximum, status: 503, retryAfter: "1") == .isOver)
  }

  @Test("Whatever else is answered would be answered again", arguments: [200, 400, 401, 403, 413, 415, 500, 502, 504])
  func otherAnswersAreFinal(status: Int) {
    #expect(UploadTry(number: 1, status: status, retryAfter: "1") == .isOver)
  }
}
