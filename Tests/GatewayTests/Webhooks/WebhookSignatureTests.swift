import Foundation
import Gateway
import Ledger
import LedgerStore
import Testing

@Suite struct WebhookSignatureTests {
  /// The example that the libraries of Standard Webhooks are tested with.
  @Test func signatureIsThatOfTheExample() throws {
    let secret = try #require(AlertSecret(text: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    let signature = WebhookSignature.sign(
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8),
      with: secret)
    #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
  }

  @Test func secretIsReadAsItIsWritten() throws {
    let secret = AlertSecret.random()
    #expect(AlertSecret(text: secret.text) == secret)
    #expect(secret.bytes.count == 32 && AlertSecret.random() != secret)
    for text in [
      "", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAAA", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
    ] {
      #expect(AlertSecret(text: text) == nil)
    }
  }

  @Test func secretIsShownByNoDescription() {
    let secret = AlertSecret.random()
    for text in [
      "\(secret)", String(reflecting: secret), String(describing: Alert?.some(Messages.alert(secret: secret))),
    ] {
      #expect(!text.contains(secret.text) && !text.contains("\(secret.bytes)"))
    }
  }

  /// deploy/test installs the package and names its Python here.
  @Test(
    "The package standardwebhooks takes what we sign, and nothing else",
    .enabled(
      if: ProcessInfo.processInfo.environment["TALLY_WEBHOOKS_PYTHON"] != nil,
      "the Python package standardwebhooks is installed"))
  func packageTakesWhatWeSign() throws {
    var generator = SeededGenerator(seed: SeededGenerator.testSeed())
    let now = Int64(Date().timeIntervalSince1970)
    var cases: [[String: String]] = []
    for number in 0..<200 {
      let bytes = (0..<Int.random(in: 24...64, using: &generator)).map { _ in
        UInt8.random(in: .min ... .max, using: &generator)
      }
      let secret = try #require(AlertSecret(bytes: bytes))
      var message = Messages.message(id: NoteID(bits: UInt128(number) << 64 | 7), secret: secret)
      message.subjectName = "user \"\(number)\" \\ é \u{1}"
      let body = WebhookBody.json(of: message)
      let id = message.id.description
      cases.append([
        "secret": secret.text, "id": id, "timestamp": "\(now)", "body": String(decoding: body, as: UTF8.self),
        "signature": WebhookSignature.sign(id: id, timestamp: now, body: body, with: secret),
      ])
    }
    let script = """
      import json, sys
      from standardwebhooks.webhooks import Webhook, WebhookVerificationError
      cases = json.load(sys.stdin)
      for case in cases:
          hook = Webhook(case["secret"])
          headers = {"webhook-id": case["id"], "webhook-timestamp": case["timestamp"], "webhook-signature": case["signature"]}
          assert hook.verify(case["body"], headers) == json.loads(case["body"])
          for name, value in (("webhook-id", case["id"] + "0"), ("webhook-timestamp", str(int(case["timestamp"]) + 1))):
              try:
                  hook.verify(case["body"], {**headers, name: value})
              except WebhookVerificationError:
                  continue
              raise SystemExit(name + " is not signed")
          try:
              hook.verify(case["body"] + " ", headers)
          except WebhookVerificationError:
              continue
          raise SystemExit("the body is not signed")
      print("verified", len(cases))
      """
    let process = Process()
    process.executableURL = URL(filePath: ProcessInfo.processInfo.environment["TALLY_WEBHOOKS_PYTHON"] ?? "")
    process.arguments = ["-c", script]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = output
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: try JSONEncoder().encode(cases))
    try input.fileHandleForWriting.close()
    let printed = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(printed == "verified 200\n")
  }
}
