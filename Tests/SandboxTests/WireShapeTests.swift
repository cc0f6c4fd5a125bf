import NIOCore
import NIOHTTP1
import Sandbox
import Testing

/// The answers have the Feature API's shape, and the errors the live service's.
@Suite struct WireShapeTests {
  @Test func answerHasEveryFieldOfThePage() async throws {
    try await SandboxServer.run { sandbox in
      let prompt = "say \"cheese\" \\ \n\u{1} ü 🐱"
      let answer = try await sandbox.edit(["prompt": prompt, "n": 2])
      #expect(answer.status == 200)
      #expect(answer.type?.hasPrefix("application/json") == true)
      #expect(
        Set(answer.record.keys) == [
          "uuid", "userId", "teamId", "teamUser", "model", "type", "metadata", "rating", "feedback", "conversationId",
          "status", "createdAt", "aiRecordDetail", "additionalData", "temporaryUrl",
        ])
      let teamUser = try #require(answer.record["teamUser"] as? [String: Any])
      #expect(
        Set(teamUser.keys) == [
          "teamId", "userId", "userName", "userAvatar", "status", "role", "creditLimit", "usedCredit", "createdAt",
          "createdBy", "updatedAt", "updatedBy",
        ])
      #expect(answer.record["status"] as? String == "SUCCESS")
      #expect(answer.text.contains("\"metadata\":null"), "image answers do not say what they cost")
      let object = try #require(answer.detail["promptObject"] as? [String: Any])
      #expect(object["prompt"] as? String == prompt)
      #expect(object["n"] as? Int == 2)
      #expect(Set(object.keys).isSuperset(of: ["imageUrl", "size", "quality", "output_format", "background"]))
      let address = try #require(answer.temporaryURL)
      for part in [
        "/asset.1min.ai/images/", "X-Amz-Algorithm=AWS4-HMAC-SHA256", "X-Amz-Expires=604800", "X-Amz-Signature=",
      ] {
        #expect(address.contains(part))
      }
    }
  }

  @Test func usedCreditLagsByOneEdit() async throws {
    try await SandboxServer.run { sandbox in
      var seen: [Int] = []
      for quality in ["low", "high", "medium"] {
        let answer = try await sandbox.edit(["quality": quality, "size": "1536x1024"])
        seen.append((answer.record["teamUser"] as? [String: Any])?["usedCredit"] as? Int ?? -1)
      }
      #expect(seen == [0, 18_000, 174_000])
    }
  }

  @Test func resultIsFoundByItsID() async throws {
    try await SandboxServer.run { sandbox in
      let uuid = try #require(try await sandbox.edit().record["uuid"] as? String)
      let found = try await sandbox.send(.GET, "/api/results/\(uuid)")
      #expect(found.record["uuid"] as? String == uuid)
      #expect(found.resultKeys.count == 1)
      #expect(try await sandbox.send(.GET, "/api/results/unknown").text == "{\"aiRecord\":null}")
    }
  }

  @Test func laterAnswerIsProcessingUntilItsTime() async throws {
    try await SandboxServer.run(SandboxConfiguration(latencyMilliseconds: 3_600_000)) { sandbox in
      let answer = try await sandbox.edit(top: ["async": true])
      #expect(answer.status == 200 && answer.record["status"] as? String == "PROCESSING")
      #expect(answer.resultKeys.isEmpty && answer.temporaryURL == nil)
      let uuid = try #require(answer.record["uuid"] as? String)
      #expect(try await sandbox.send(.GET, "/api/results/\(uuid)").record["status"] as? String == "PROCESSING")
    }
    try await SandboxServer.run(SandboxConfiguration(latencyMilliseconds: 20)) { sandbox in
      let answer = try await sandbox.edit(top: ["async": true])
      let uuid = try #require(answer.record["uuid"] as? String)
      var found = answer
      while found.record["status"] as? String == "PROCESSING" {
        found = try await sandbox.send(.GET, "/api/results/\(uuid)")
      }
      #expect(found.record["status"] as? String == "SUCCESS" && found.resultKeys.count == 1)
    }
  }

  @Test(
    arguments: [
      ["API-KEY": "k"], ["Authorization": "Bearer k"], ["X-Auth-Token": "Bearer k"],
    ] as [HTTPHeaders])
  func anyKeyOpens(headers: HTTPHeaders) async throws {
    try await SandboxServer.run { sandbox in
      let answer = try await sandbox.edit(headers: headers)
      #expect(answer.status == 200)
    }
  }

  @Test(arguments: [[:], ["API-KEY": ""], ["Authorization": "Bearer "], ["Authorization": "k"]] as [HTTPHeaders])
  func noKeyIsRefused(headers: HTTPHeaders) async throws {
    try await SandboxServer.run { sandbox in
      let answer = try await sandbox.edit(headers: headers)
      #expect(answer.status == 401 && answer.errorCode == "INVALID_API_KEY" && answer.json["message"] is String)
      #expect(try await sandbox.send(.GET, "/api/results/x", headers: headers).status == 401)
      #expect(try await sandbox.send(.POST, "/api/assets", headers: headers).status == 401)
    }
  }

  /// Changes to a good edit, and what is wrong then.
  private static var faults: [(changes: [String: Any?], code: String, field: String)] {
    [
      (["quality": nil], "MISSING_REQUIRED_FIELDS", "quality"),
      (["imageUrl": nil], "MISSING_REQUIRED_FIELDS", "imageUrl"),
      (["prompt": ""], "MISSING_REQUIRED_FIELDS", "prompt"),
      (["size": nil], "MISSING_REQUIRED_FIELDS", "size"),
      (["n": nil], "MISSING_REQUIRED_FIELDS", "n"),
      (["n": 0], "INVALID_FIELDS", "n"), (["n": 11], "INVALID_FIELDS", "n"), (["n": "2"], "INVALID_FIELDS", "n"),
      (["n": 1.5], "INVALID_FIELDS", "n"), (["size": "1x1"], "INVALID_FIELDS", "size"),
      (["quality": "best"], "INVALID_FIELDS", "quality"), (["output_format": "gif"], "INVALID_FIELDS", "output_format"),
      (["output_compression": 101], "INVALID_FIELDS", "output_compression"),
      (["output_compression": -1], "INVALID_FIELDS", "output_compression"),
      (["background": "red"], "INVALID_FIELDS", "background"),
      (["background": "transparent", "output_format": "jpeg"], "INVALID_FIELDS", "background"),
      (["prompt": String(repeating: "p", count: 4_001)], "INVALID_FIELDS", "prompt"),
      (["prompt": 5], "INVALID_FIELDS", "prompt"),
    ]
  }

  @Test func everyFaultOfAnEditIsNamed() async throws {
    try await SandboxServer.run { sandbox in
      for (changes, code, field) in Self.faults {
        let answer = try await sandbox.edit(changes)
        #expect(answer.status == 400 && answer.errorCode == code, "\(changes)")
        #expect((answer.json["details"] as? String)?.hasPrefix("[{\"field\":\"\(field)\"") == true, "\(answer.text)")
      }
      let missing = try await sandbox.edit(["quality": nil])
      #expect(
        missing.json["message"] as? String
          == "Missing required fields for gpt-image-1-mini model: quality. Please provide all required parameters.")
      let longest = String(repeating: "ü", count: 4_000)
      #expect(try await sandbox.edit(["prompt": longest]).status == 200)
    }
  }

  @Test func otherWrongRequestsAreAnswered() async throws {
    try await SandboxServer.run { sandbox in
      let model = try await sandbox.edit(top: ["model": "X"])
      #expect(model.text == #"{"errorCode":"UNSUPPORTED_MODEL","message":"Model X is not supported"}"#)
      #expect(try await sandbox.edit(top: ["type": "CHAT"]).errorCode == "UNSUPPORTED_FEATURE")
      #expect(try await sandbox.edit(top: ["promptObject": 1]).errorCode == "MISSING_REQUIRED_FIELDS")
      #expect(try await sandbox.edit(["imageUrl": "images/none.png"]).status == 404)
      #expect(try await sandbox.edit(["imageUrl": "http://example.com/a.png"]).status == 404)
      let garbage = try await sandbox.send(.POST, "/api/features", body: ByteBuffer(string: "{"))
      #expect(garbage.status == 400 && garbage.errorCode == "INVALID_JSON")
      let large = try await sandbox.send(
        .POST, "/api/features", body: ByteBuffer(repeating: 0x20, count: 300_000))
      #expect(large.status == 413)
      #expect(try await sandbox.send(.GET, "/nothing").errorCode == "NOT_FOUND")
    }
  }
}
