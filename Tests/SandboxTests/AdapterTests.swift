import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import Sandbox
import Testing
import Upstream

/// The real adapter and the sandbox understand each other: what one claims, the other does.
@Suite struct AdapterTests {
  private static func edit(imageUrl: String, isAsync: Bool = false) -> EditRequest {
    EditRequest(
      requestID: "record-1", model: "gpt-image-1-mini", imageUrl: imageUrl, prompt: "a watercolor",
      size: "1024x1536", n: 2, quality: "low", outputFormat: "jpeg", outputCompression: 60, background: "white",
      isAsync: isAsync)
  }

  private static func run(
    _ configuration: SandboxConfiguration = SandboxConfiguration(), timeout: Duration = .seconds(120),
    _ body: (OneMinProvider, SandboxServer) async throws -> Void
  ) async throws {
    try await SandboxServer.run(configuration) { sandbox in
      let configuration = try OneMinConfiguration(baseURL: sandbox.base, apiKey: "any", timeout: timeout)
      let provider = OneMinProvider(
        configuration: configuration, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
      do {
        try await body(provider, sandbox)
      } catch {
        await provider.shutdown()
        throw error
      }
      await provider.shutdown()
    }
  }

  @Test func uploadedPictureIsEditedAndFetched() async throws {
    try await Self.run { provider, sandbox in
      let upload = AssetUpload(
        requestID: "upload-1", fileName: "0198c0de.png", mediaType: "image/png", bytes: UploadTests.picture)
      guard case .stored(let asset) = await provider.upload(upload) else {
        Issue.record("the picture was not stored")
        return
      }
      #expect(asset.size == Int64(UploadTests.picture.readableBytes) && asset.filePath == asset.key)
      #expect(asset.fileType == "png" && asset.mimetype == "image/png" && asset.fileUUID != nil)
      guard case .done(let result) = await provider.submit(Self.edit(imageUrl: asset.key), permit: { true }) else {
        Issue.record("the edit was not done")
        return
      }
      #expect(result.resultKeys.count == 2 && result.credit == nil && result.responseObject == "{}")
      #expect(await provider.result(uuid: result.uuid) != .notFound)
      let picture = try await sandbox.send(.GET, try #require(result.temporaryURL), headers: [:])
      #expect(DecodedPicture(picture.body)?.height == 1536)
    }
  }

  @Test func editWithALaterAnswerIsAccepted() async throws {
    try await Self.run(SandboxConfiguration(latencyMilliseconds: 3_600_000)) { provider, _ in
      let edit = Self.edit(imageUrl: "https://example.com/a.png", isAsync: true)
      guard case .accepted(let uuid) = await provider.submit(edit, permit: { true }) else {
        Issue.record("the edit was not accepted")
        return
      }
      #expect(await provider.result(uuid: uuid) == .processing)
      #expect(await provider.result(uuid: "unknown") == .notFound)
    }
  }

  @Test func everyFaultIsTheOutcomeThatItShouldBe() async throws {
    let edit = Self.edit(imageUrl: "https://example.com/a.png")
    try await Self.run(SandboxConfiguration(failRate: .always)) { provider, _ in
      guard case .notDone(let refusal) = await provider.submit(edit, permit: { true }) else {
        Issue.record("a refusal is no refusal")
        return
      }
      #expect(refusal.cause == .refused && refusal.httpStatus == 400)
      #expect(refusal.errorCode == "EXTERNAL_API_RESPONSE_WITH_ERROR" && refusal.details != nil)
    }
    try await Self.run(SandboxConfiguration(billThen500Rate: .always)) { provider, _ in
      let outcome = await provider.submit(edit, permit: { true })
      #expect(outcome == .unknown(Uncertainty(cause: .serverError, httpStatus: 500)))
    }
    try await Self.run(SandboxConfiguration(timeoutRate: .always), timeout: .seconds(1)) { provider, _ in
      var outcome = await provider.submit(edit, permit: { true })
      // Again where the machine was too busy to send anything in time.
      while outcome == .notDone(Refusal(cause: .notSent(.busy))) {
        outcome = await provider.submit(edit, permit: { true })
      }
      #expect(outcome == .unknown(Uncertainty(cause: .timedOut)))
    }
  }

  @Test func unknownPictureIsARefusalToPassOn() async throws {
    try await Self.run { provider, _ in
      guard case .notDone(let refusal) = await provider.submit(Self.edit(imageUrl: "images/x.png"), permit: { true })
      else {
        Issue.record("a missing picture was edited")
        return
      }
      #expect(refusal.cause == .refused && refusal.httpStatus == 404 && refusal.errorCode == "ASSET_NOT_FOUND")
    }
  }
}
