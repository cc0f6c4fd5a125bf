import Gateway
import HTTPTypes
import Testing

@Suite struct EditSubmissionTests {
  /// A change of the body and the fields at fault, with a name that fits a line.
  struct Change: Sendable, CustomTestStringConvertible {
    var changes: [String: String]
    var fields: [String] = []

    init(_ changes: [String: String], _ fields: [String] = []) {
      self.changes = changes
      self.fields = fields
    }

    var testDescription: String {
      changes.sorted { $0.key < $1.key }.map { "\($0) = \($1.prefix(24))" }.joined(separator: ", ")
    }
  }

  @Test func examplesOfTheFeaturePageIsTakenWithDefaultsFilledIn() throws {
    let submission = try Fixtures.submission()
    #expect(submission.model == "gpt-image-1-mini")
    #expect(submission.image == .storageKey("development/images/2025_12_04_18_10_29_882_cat.png"))
    #expect(
      submission.promptObject
        == #"{"imageUrl":"development/images/2025_12_04_18_10_29_882_cat.png","prompt":"transform into a watercolor "#
        + #"painting style with soft brushstrokes and vibrant colors","size":"1024x1024","n":1,"quality":"medium","#
        + #""output_format":"png","output_compression":85,"background":"auto"}"#)
    #expect(submission.metadata == nil)
  }

  @Test func defaultsAreThoseOfTheFeaturePage() throws {
    let submission = try Fixtures.submission(Fixtures.body())
    #expect(submission.size == "1024x1024")
    #expect(submission.n == 1)
    #expect(submission.quality == "medium")
    #expect(submission.outputFormat == "png")
    #expect(submission.outputCompression == 85)
    #expect(submission.background == "auto")
  }

  @Test func storageAddressIsForwardedAsItsKey() throws {
    let body = Fixtures.body(["imageUrl": "\"https://asset.1min.ai/images/cat.png?X-Amz-Signature=a\""])
    #expect(try Fixtures.submission(body).imageUrl == "images/cat.png")
  }

  private static let valid: [Change] =
    ([
      ["n": "1"], ["n": "10"], ["n": "1.0"], ["n": "10e-1"], ["output_compression": "0"], ["output_compression": "100"],
      ["output_format": "\"jpeg\""], ["output_format": "\"webp\"", "background": "\"white\""],
      ["background": "\"transparent\""], ["background": "\"transparent\"", "output_format": "\"png\""],
      ["prompt": "\"x\""], ["prompt": "\"\(String(repeating: "x", count: 4_000))\""],
      ["prompt": "\"\(String(repeating: "é", count: 4_000))\""],
      ["prompt": "\"\(String(repeating: "😀", count: 4_000))\""],
      ["prompt": "\"\(String(repeating: "\\ud83d\\ude00", count: 4_000))\""], ["size": "\"1536x1024\""],
      ["quality": "\"high\""],
    ] as [[String: String]]).map { Change($0) }

  @Test(arguments: valid)
  func validFieldsAreTaken(change: Change) throws {
    _ = try Fixtures.submission(Fixtures.body(change.changes))
  }

  private static let invalid: [Change] =
    ([
      (["n": "0"], ["n"]), (["n": "11"], ["n"]), (["n": "1.5"], ["n"]), (["n": "\"2\""], ["n"]), (["n": "null"], ["n"]),
      (["n": "true"], ["n"]), (["n": "[1]"], ["n"]), (["n": "-1"], ["n"]), (["n": "1e400"], ["n"]),
      (["n": "99999999999999999999"], ["n"]), (["prompt": "\"\""], ["prompt"]), (["prompt": "7"], ["prompt"]),
      (["prompt": "\"\(String(repeating: "x", count: 4_001))\""], ["prompt"]),
      (["prompt": "\"\(String(repeating: "😀", count: 4_001))\""], ["prompt"]),
      // One character to a reader, 4,001 scalars all the same.
      (["prompt": "\"e\(String(repeating: "\u{301}", count: 4_000))\""], ["prompt"]),
      (["prompt": "\"a\\u0000b\""], ["prompt"]), (["prompt": "[\"a\"]"], ["prompt"]),
      (["size": "\"512x512\""], ["size"]), (["size": "1024"], ["size"]), (["size": "null"], ["size"]),
      (["quality": "\"ultra\""], ["quality"]), (["quality": "\"Medium\""], ["quality"]),
      (["output_format": "\"gif\""], ["output_format"]), (["background": "\"red\""], ["background"]),
      (["background": "\"transparent\"", "output_format": "\"jpeg\""], ["background"]),
      (["background": "\"transparent\"", "output_format": "\"webp\""], ["background"]),
      (["output_compression": "-1"], ["output_compression"]), (["output_compression": "101"], ["output_compression"]),
      (["output_compression": "\"85\""], ["output_compression"]), (["imageUrl": "5"], ["imageUrl"]),
      (["imageUrl": "\"\""], ["imageUrl"]), (["imageUrl": "\"http://example.com/a\""], ["imageUrl"]),
      (["imageUrl": "\"https://169.254.169.254/\""], ["imageUrl"]), (["style": "\"vivid\""], ["style"]),
      (
        ["n": "0", "size": "\"x\"", "quality": "1", "prompt": "\"\"", "extra": "null", "background": "{}"],
        ["prompt", "size", "n", "quality", "background", "extra"]
      ),
    ] as [([String: String], [String])]).map { Change($0, $1) }

  @Test(arguments: invalid)
  func everyFaultIsNamedAtOnce(change: Change) throws {
    try expectFaults(Fixtures.body(change.changes), .invalidFields, change.fields)
  }

  private static let invalidTop: [Change] =
    ([
      (["type": "7"], ["type"]), (["model": "[]"], ["model"]), (["promptObject": "\"x\""], ["promptObject"]),
      (["promptObject": "[]"], ["promptObject"]), (["async": "null"], ["async"]), (["async": "\"true\""], ["async"]),
      (["metadata": "[]"], ["metadata"]), (["metadata": "\"x\""], ["metadata"]),
      (["metadata": "{\"a\":\"\(String(repeating: "x", count: 4_096))\"}"], ["metadata"]),
    ] as [([String: String], [String])]).map { Change($0, $1) }

  @Test(arguments: invalidTop)
  func faultsOfTheBodyItselfAreNamed(change: Change) throws {
    try expectFaults(Fixtures.body(top: change.changes), .invalidFields, change.fields)
  }

  private static let missing: [(String, String, [String])] = [
    ("{}", "Missing required fields: type, model, promptObject. ", ["type", "model", "promptObject"]),
    (
      Fixtures.body(without: ["prompt"]), "Missing required fields for gpt-image-1-mini model: prompt. ", ["prompt"]
    ),
    (
      Fixtures.body(["prompt": "null", "n": "0"], without: ["imageUrl"]),
      "Missing required fields for gpt-image-1-mini model: imageUrl, prompt. ", ["imageUrl", "prompt", "n"]
    ),
    (
      Fixtures.body(top: ["promptObject": "{}"]),
      "Missing required fields for gpt-image-1-mini model: imageUrl, prompt. ", ["imageUrl", "prompt"]
    ),
  ]

  @Test(arguments: missing)
  func missingFieldsAreNamedInTheProvidersWords(body: String, start: String, fields: [String]) throws {
    let error = try expectFaults(body, .missingRequiredFields, fields)
    #expect(error?.message == start + "Please provide all required parameters.")
  }

  @Test func unknownTypeAndModelStandAlone() throws {
    let type = refusal(Fixtures.body(["n": "0"], top: ["type": "\"CHAT_WITH_AI\""]))
    #expect(type?.code == .unsupportedFeature)
    #expect(type?.message == "Feature CHAT_WITH_AI is not supported")
    let model = refusal(Fixtures.body(["n": "0"], top: ["model": "\"gpt-image-9\""]))
    #expect(model?.code == .unsupportedModel)
    #expect(model?.message == "Model gpt-image-9 is not supported")
    // What only looks like the name is another name.
    #expect(refusal(Fixtures.body(top: ["type": "\"IMAGE_EDITOR\\u0000\""]))?.code == .unsupportedFeature)
    let long = refusal(Fixtures.body(top: ["model": "\"\(String(repeating: "m", count: 100_000))\""]))
    #expect((long?.message.utf8.count ?? .max) < 200)
  }

  @Test(arguments: ["[]", "\"x\"", "1", "null"])
  func bodyOfAnotherShapeIsNoEdit(body: String) {
    #expect(refusal(body)?.code == .invalidJSON)
  }

  @Test func unknownFieldsOnTopAreIgnored() throws {
    let submission = try Fixtures.submission(Fixtures.body(top: ["conversationId": "\"x\"", "async": "false"]))
    #expect(!submission.promptObject.contains("conversationId"))
  }

  @Test func asyncIsFalseUnlessAskedFor() throws {
    #expect(try !Fixtures.submission(Fixtures.body()).isAsync)
    #expect(try !Fixtures.submission(Fixtures.body(top: ["async": "false"])).isAsync)
    #expect(try Fixtures.submission(Fixtures.body(top: ["async": "true"])).isAsync)
  }

  @Test func metadataIsKeptAsItCame() throws {
    let metadata = #"{"z":1.50,"a":[true,null,"é"],"credit":7}"#
    #expect(try Fixtures.submission(Fixtures.body(top: ["metadata": metadata])).metadata == metadata)
    #expect(try Fixtures.submission(Fixtures.body(top: ["metadata": "null"])).metadata == nil)
  }

  @discardableResult
  private func expectFaults(_ body: String, _ code: ErrorCode, _ fields: [String]) throws -> GatewayError? {
    let error = refusal(body)
    #expect(error?.status == .badRequest)
    #expect(error?.code == code)
    guard case .faults(let faults) = error?.details else {
      Issue.record("no faults: \(String(describing: error))")
      return error
    }
    #expect(faults.map(\.field).sorted() == fields.sorted())
    return error
  }

  private func refusal(_ body: String) -> GatewayError? {
    do {
      _ = try Fixtures.submission(body)
      return nil
    } catch {
      return error as? GatewayError
    }
  }
}

@Suite struct IdempotencyKeyTests {
  @Test(arguments: [
    ("a", "a"), ("\"a\"", "a"), ("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"),
    ("a b", "a b"), ("\"", "\""), (String(repeating: "k", count: 255), String(repeating: "k", count: 255)),
  ])
  func printableKeysAreTaken(value: String, key: String) {
    #expect(IdempotencyKey(value)?.text == key)
  }

  @Test(arguments: ["", "\"\"", "a\u{7F}", "é", "a\tb", String(repeating: "k", count: 256)])
  func otherValuesAreNone(value: String) {
    #expect(IdempotencyKey(value) == nil)
  }
}
