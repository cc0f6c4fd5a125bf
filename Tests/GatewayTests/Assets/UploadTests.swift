import Gateway
import Multipart
import NIOCore
import Testing
import Upstream

@Suite struct UploadTests {
  static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]

  private func collect(_ events: [MultipartEvent], limit: Int = 1_000) throws -> Upload {
    var collector = UploadCollector(limit: limit)
    try collector.take(events)
    return try collector.finish()
  }

  private func part(_ name: String, _ bytes: [UInt8], fileName: String? = nil, type: String? = nil) -> [MultipartEvent]
  {
    [.partBegan(MultipartPart(name: name, fileName: fileName, contentType: type))]
      + (bytes.isEmpty ? [] : [.bytes(ByteBuffer(bytes: bytes))]) + [.partEnded]
  }

  @Test func bytesDecideNotNamesNorTypes() throws {
    let upload = try collect(
      part("type", Array("IMAGE".utf8))
        + part("asset", UploadTests.png, fileName: "cat", type: "application/octet-stream"))
    #expect(upload.kind == .png)
    #expect(upload.originalName == "cat")
    #expect(Array(upload.bytes.readableBytesView) == UploadTests.png)
    #expect(try collect(part("asset", UploadTests.png)).originalName == "asset")
  }

  @Test(arguments: [
    (UploadTests.png, PictureKind.png), ([0xFF, 0xD8, 0xFF, 0xE0], .jpeg),
    (Array("RIFF\u{1}\u{2}\u{3}\u{4}WEBPVP8 ".utf8), .webp),
  ])
  func kindsAreToldByTheirFirstBytes(bytes: [UInt8], kind: PictureKind) throws {
    #expect(PictureKind(bytes) == kind)
  }

  @Test(arguments: [
    [], [0x89], Array("GIF89a".utf8), Array("<svg xmlns=".utf8), Array("RIFF\u{1}\u{2}\u{3}\u{4}WAVE".utf8),
    Array("RIFFWEBP".utf8), [0xFF, 0xD8], Array(UploadTests.png.dropFirst()),
  ])
  func whatIsNoPictureIsNone(bytes: [UInt8]) {
    #expect(PictureKind(bytes) == nil)
  }

  @Test func faultsHaveTheirCodes() {
    expect(part("file", UploadTests.png), .missingRequiredFields)
    expect([], .missingRequiredFields)
    expect(part("asset", []), .invalidFields)
    expect(part("asset", Array("GIF89a".utf8)), .unsupportedMediaType)
    expect(part("asset", UploadTests.png) + part("asset", UploadTests.png), .invalidFields)
    expect(part("asset", UploadTests.png), .payloadTooLarge, limit: UploadTests.png.count - 1)
    expect(
      part("note", [UInt8](repeating: 0x61, count: UploadCollector.maximumTextBytes + 1)), .payloadTooLarge)
  }

  @Test func pictureOfExactlyTheLimitIsTaken() throws {
    _ = try collect(part("asset", UploadTests.png), limit: UploadTests.png.count)
  }

  @Test func namesOfClientsAreBounded() throws {
    let long = String(repeating: "é", count: 1_000) + ".png"
    let upload = try collect(part("asset", UploadTests.png, fileName: long))
    #expect(upload.originalName.utf8.count <= UploadCollector.maximumNameBytes)
    #expect(try collect(part("asset", UploadTests.png, fileName: "a\u{0}\n\u{7F}b")).originalName == "ab")
    #expect(try collect(part("asset", UploadTests.png, fileName: "")).originalName == "asset")
  }

  @Test func answerHasEverythingThatClientsRead() throws {
    let upload = try collect(part("asset", UploadTests.png, fileName: "my cat.png"))
    let answer = AssetAnswer(
      stored: StoredAsset(key: "images/x.png"), upload: upload, teamID: "t", userID: "u", fallbackUUID: "f",
      fallbackTime: "2026-11-23T12:00:00.000Z")
    let root = try JSONReader.parse(answer.body)
    #expect(root.at("asset", "key") == .string("images/x.png"))
    #expect(root.at("asset", "location") == .string("https://asset.1min.ai/images/x.png"))
    #expect(root.at("asset", "originalname") == .string("my cat.png"))
    #expect(root.at("asset", "mimetype") == .string("image/png"))
    #expect(root.at("asset", "size")?.integer == Int64(UploadTests.png.count))
    #expect(root.at("asset", "metadata", "team-id") == .string("t"))
    #expect(root.at("fileContent", "path") == .string("images/x.png"))
    #expect(root.at("fileContent", "uuid") == .string("f"))
    #expect(root.at("fileContent", "name") == .string("x.png"))
  }

  private func expect(_ events: [MultipartEvent], _ code: ErrorCode, limit: Int = 1_000_000) {
    let error = #expect(throws: GatewayError.self) { try collect(events, limit: limit) }
    #expect(error?.code == code)
  }
}
