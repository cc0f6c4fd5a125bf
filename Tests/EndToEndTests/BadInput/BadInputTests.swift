import Foundation
import TallyTesting
import Testing

extension EndToEnd {
  /// Everything that a client can send wrongly, over real HTTP: a clear error in the one shape, never an empty 500, and
  /// never a charge.
  @Suite("Bad input")
  struct BadInputTests {
    /// A request that is wrong, and what it gets.
    private struct Wrong {
      var what: String
      var body: Data
      var status = 400
      var code = "INVALID_FIELDS"
      var fields: [String]?
      var headers: [String: String] = [:]
    }

    private static func json(
      _ changes: [String: String] = [:], top: [String: String] = [:], without: [String] = []
    ) -> Data {
      var prompt = ["imageUrl": "\"\(World.publicImage)\"", "prompt": "\"make it blue\""]
      prompt.merge(changes) { $1 }
      for name in without { prompt[name] = nil }
      var outer = [
        "type": "\"IMAGE_EDITOR\"", "model": "\"gpt-image-1-mini\"", "promptObject": object(prompt),
      ]
      outer.merge(top) { $1 }
      for name in without { outer[name] = nil }
      return Data(object(outer).utf8)
    }

    private static func object(_ fields: [String: String]) -> String {
      "{\(fields.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ","))}"
    }

    private static let broken: [Wrong] = [
      Wrong(what: "nothing", body: Data(), code: "INVALID_JSON"),
      Wrong(what: "half of it", body: Data("{\"type\":".utf8), code: "INVALID_JSON"),
      Wrong(what: "an array", body: Data("[]".utf8), code: "INVALID_JSON"),
      Wrong(what: "a string", body: Data("\"x\"".utf8), code: "INVALID_JSON"),
      Wrong(what: "two texts", body: json() + json(), code: "INVALID_JSON"),
      Wrong(what: "a zero byte", body: json(["prompt": "\"a\u{0}b\""]), code: "INVALID_JSON"),
      Wrong(what: "invalid UTF-8", body: json() + Data([0xC3, 0x28]), code: "INVALID_JSON"),
      Wrong(
        what: "deep nesting", body: Data((String(repeating: "[", count: 100_000)).utf8), code: "INVALID_JSON"),
      Wrong(
        what: "33 levels",
        body: json(top: ["x": String(repeating: "[", count: 32) + String(repeating: "]", count: 32)]),
        code: "INVALID_JSON"),
      Wrong(what: "the same name twice", body: Data("{\"type\":\"a\",\"type\":\"b\"}".utf8), code: "INVALID_JSON"),
      Wrong(
        what: "a body over the limit", body: Data(repeating: 0x20, count: 256 * 1_024 + 1), status: 413,
        code: "PAYLOAD_TOO_LARGE"),
      Wrong(
        what: "a form", body: json(), status: 415, code: "UNSUPPORTED_MEDIA_TYPE",
        headers: ["Content-Type": "application/x-www-form-urlencoded"]),
      Wrong(
        what: "a compressed body", body: json(), status: 415, code: "UNSUPPORTED_MEDIA_TYPE",
        headers: ["Content-Encoding": "gzip"]),
    ]

    private static let missing: [Wrong] = [
      Wrong(
        what: "an empty object", body: Data("{}".utf8), code: "MISSING_REQUIRED_FIELDS",
        fields: ["type", "model", "promptObject"]),
      Wrong(
        what: "no prompt", body: json(without: ["prompt"]), code: "MISSING_REQUIRED_FIELDS", fields: ["prompt"]),
      Wrong(
        what: "several missing and one wrong", body: json(["n": "11"], without: ["prompt", "imageUrl"]),
        code: "MISSING_REQUIRED_FIELDS", fields: ["imageUrl", "prompt", "n"]),
      Wrong(what: "an unknown type", body: json(top: ["type": "\"CHAT_WITH_AI\""]), code: "UNSUPPORTED_FEATURE"),
      Wrong(what: "an unknown model", body: json(top: ["model": "\"gpt-image-9\""]), code: "UNSUPPORTED_MODEL"),
    ]

    private static let outOfRange: [Wrong] = [
      ("n", "0"), ("n", "11"), ("n", "1.5"), ("n", "\"2\""), ("n", "null"), ("prompt", "\"\""), ("prompt", "5"),
      ("prompt", "\"\(String(repeating: "x", count: 4_001))\""), ("prompt", "\"a\\u0000b\""),
      ("size", "\"512x512\""), ("quality", "\"ultra\""), ("output_format", "\"gif\""), ("background", "\"red\""),
      ("output_compression", "-1"), ("output_compression", "101"), ("style", "\"vivid\""),
    ].map { field, value in
      Wrong(what: "\(field) = \(value.prefix(20))", body: json([field: value]), fields: [field])
    }

    private static let combined: [Wrong] = [
      Wrong(
        what: "transparent JPEG", body: json(["background": "\"transparent\"", "output_format": "\"jpeg\""]),
        fields: ["background"]),
      Wrong(
        what: "several at once", body: json(["n": "0", "size": "7", "quality": "\"\"", "prompt": "\"\""]),
        fields: ["n", "size", "quality", "prompt"]),
      Wrong(what: "promptObject as text", body: json(top: ["promptObject": "\"x\""]), fields: ["promptObject"]),
      Wrong(what: "async", body: json(top: ["async": "\"yes\""]), fields: ["async"]),
      Wrong(
        what: "large metadata", body: json(top: ["metadata": "{\"a\":\"\(String(repeating: "x", count: 4_100))\"}"]),
        fields: ["metadata"]),
      Wrong(
        what: "an Idempotency-Key that is none", body: json(), fields: ["Idempotency-Key"],
        headers: ["Idempotency-Key": String(repeating: "k", count: 256)]),
    ]

    @Test("A body that is wrong gets an error that names what is wrong, and costs nothing")
    func wrongBodiesCostNothing() async throws {
      try await World.with { world in
        let member = try await world.makeMember()
        let client = world.http.with(key: member.key)
        let all = Self.broken + Self.missing + Self.outOfRange + Self.combined
        for wrong in all {
          let headers = ["Content-Type": "application/json"].merging(wrong.headers) { $1 }
          let answer = try await client.send("POST", "/api/features", body: wrong.body, headers: headers)
          expect(answer, wrong.status, wrong.code, wrong.what)
          guard let fields = wrong.fields else { continue }
          let named = answer.json["details"].parsed.elements.compactMap { $0["field"].string }
          #expect(named.sorted() == fields.sorted(), "\(wrong.what)")
        }
        try await expectNothingHappened(world, member)
      }
    }

    private static let addresses = [
      "http://example.com/cat.png", "ftp://example.com/cat.png", "//example.com/cat.png", "file:///etc/passwd",
      "https://user:secret@example.com/", "https://127.0.0.1/", "https://127.1/", "https://2130706433/",
      "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://0/",
      "https://10.0.0.1/", "https://192.168.1.1/", "https://172.16.0.1/", "https://[fd00::1]/",
      "https://169.254.169.254/latest/meta-data/", "https://2852039166/", "https://[fe80::1]/",
      "https://[fe80::1%25eth0]/",
      "https://metadata.google.internal/", "https://localhost/", "https://localhost./", "https://intranet/",
      "https://printer.local/", "https://127。0。0。1/", "https://%31%32%37.0.0.1/", "https://example.com:0/",
      "https://[64:ff9b::7f00:1]/", "https://100.100.100.200/", "data:image/png;base64,AAAA",
    ]

    @Test("An image address that leads into a private network is refused in every notation")
    func privateAddressesAreRefused() async throws {
      try await World.with { world in
        let member = try await world.makeMember()
        for address in Self.addresses {
          let answer = try await world.submit(as: member, image: address)
          expect(answer, 400, "INVALID_FIELDS", address)
          #expect(!answer.text.contains("secret"))
        }
        try await expectNothingHappened(world, member)
      }
    }

    @Test("What is long but allowed is taken: 4,000 characters outside ASCII, and n written as 1.0")
    func limitsThemselvesAreTaken() async throws {
      try await World.with { world in
        let client = world.http.with(key: try await world.makeMember().key)
        for changes in [
          ["prompt": "\"\(String(repeating: "é", count: 4_000))\""],
          ["prompt": "\"\(String(repeating: "\\ud83d\\ude00", count: 4_000))\"", "n": "1.0"],
        ] {
          let answer = try await client.send(
            "POST", "/api/features?isStreaming=false", body: Self.json(changes),
            headers: ["Content-Type": "application/json"])
          #expect(answer.status == 200, "\(answer.text.prefix(200))")
        }
      }
    }

    private func expectNothingHappened(_ world: World, _ member: World.Member) async throws {
      #expect(try #require(world.sandbox).truthLog.edits().isEmpty)
      let listed = try await world.listed(member)
      #expect(listed["usedCredit"].integer == 0)
      #expect(listed["heldCredit"].integer == 0)
      #expect(try await world.check().status == 0)
    }

    private func expect(_ answer: HTTP.Answer, _ status: Int, _ code: String, _ what: String) {
      #expect(answer.status == status, "\(what): \(answer.text.prefix(300))")
      #expect(answer.json["errorCode"].string == code, "\(what)")
      #expect(answer.json["error"]["code"].string == code, "\(what)")
      #expect(answer.json["message"].string == answer.json["error"]["message"].string, "\(what)")
      #expect(answer.json["details"].string != nil, "\(what)")
      #expect(answer.json["success"].boolean == false, "\(what)")
      #expect(answer.headers["x-request-id"] != nil, "\(what)")
    }
  }
}
