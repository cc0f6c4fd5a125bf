import NIOCore
import Sandbox
import Testing

@Suite struct UploadTests {
  static let picture = DecodedPicture.file(width: 4, height: 4, color: 0x336699)

  /// Every place where some client looks for the key.
  @Test func answerNamesTheKeyInAllFourPlaces() async throws {
    try await SandboxServer.run { sandbox in
      let answer = try await sandbox.upload(Self.picture, name: "my cat.png")
      let asset = try #require(answer.json["asset"] as? [String: Any])
      let file = try #require(answer.json["fileContent"] as? [String: Any])
      let key = try #require(asset["key"] as? String)
      #expect(answer.status == 200)
      #expect(key.hasPrefix("images/") && key.hasSuffix("_my_cat.png"))
      #expect((asset["location"] as? String)?.hasSuffix("/asset.1min.ai/" + key) == true)
      #expect(file["path"] as? String == key)
      #expect((file["uuid"] as? String)?.isEmpty == false)
      #expect(asset["originalname"] as? String == "my cat.png")
      #expect(asset["size"] as? Int == Self.picture.readableBytes)
      #expect(file["type"] as? String == "png")
    }
  }

  @Test func twoFilesOfOneNameAreTwo() async throws {
    try await SandboxServer.run { sandbox in
      var keys: Set<String> = []
      for _ in 0..<20 { keys.insert(try await sandbox.upload(Self.picture).assetKey ?? "") }
      #expect(keys.count == 20)
    }
  }

  @Test(arguments: [
    "Content-Disposition: form-data; name=\"asset\"; filename=\"noextension\"",
    "Content-Type: application/octet-stream\r\nContent-Disposition: form-data; name=\"asset\"; filename=\"a.png\"",
    "Content-Disposition: form-data; name=asset\r\nContent-Type: text/plain",
  ])
  func oddFormsOfRealClientsAreTaken(headers: String) async throws {
    try await SandboxServer.run { sandbox in
      var form = ByteBuffer(
        string: "--b\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\nIMAGE\r\n--b\r\n\(headers)\r\n\r\n")
      form.writeImmutableBuffer(Self.picture)
      form.writeString("\r\n--b--")
      let answer = try await sandbox.post(form: form)
      #expect(answer.status == 200)
    }
  }

  static let faults: [(form: String, status: Int)] = [
    ("", 400), ("--b--", 400), ("--b\r\n", 400), ("garbage", 400),
    ("--b\r\nContent-Disposition: form-data; name=\"other\"; filename=\"a\"\r\n\r\nx\r\n--b--", 400),
    ("--b\r\nContent-Disposition: form-data; name=\"asset\"; filename=\"a.png\"\r\n\r\n\r\n--b--", 400),
    ("--b\r\nContent-Disposition: form-data; name=\"asset\"; filename=\"a.png\"\r\n\r\nGIF89a\r\n--b--", 415),
  ]

  @Test(arguments: faults)
  func wrongFormsAreRefused(form: String, status: Int) async throws {
    try await SandboxServer.run { sandbox in
      let answer = try await sandbox.post(form: ByteBuffer(string: form))
      #expect(answer.status == status && answer.errorCode != nil)
    }
  }

  @Test func fiftyMegabytesAreTakenAndNoByteMore() async throws {
    try await SandboxServer.run { sandbox in
      var file = Self.picture
      file.writeRepeatingByte(0, count: 50_000_000 - file.readableBytes)
      #expect(try await sandbox.upload(file).status == 200)
      file.writeRepeatingByte(0, count: 1)
      let answer = try await sandbox.upload(file)
      #expect(answer.status == 413 && answer.errorCode == "PAYLOAD_TOO_LARGE")
      file.writeRepeatingByte(0, count: 1_000_000)
      #expect(try await sandbox.upload(file).status == 413)
    }
  }
}
