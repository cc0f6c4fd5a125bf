import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import Sandbox
import ServiceLifecycle
import Testing

/// A sandbox that is running, with the few calls that the tests make.
struct SandboxServer: Sendable {
  /// One answer, read whole.
  struct Answer: Sendable, Equatable {
    var status: Int
    var type: String?
    var body: ByteBuffer

    /// The body as a JSON object.
    var json: [String: Any] {
      (try? JSONSerialization.jsonObject(with: Data(body.readableBytesView))) as? [String: Any] ?? [:]
    }
    var record: [String: Any] { json["aiRecord"] as? [String: Any] ?? [:] }
    var detail: [String: Any] { record["aiRecordDetail"] as? [String: Any] ?? [:] }
    var resultKeys: [String] { detail["resultObject"] as? [String] ?? [] }
    var temporaryURL: String? { record["temporaryUrl"] as? String }
    var errorCode: String? { json["errorCode"] as? String }
    var assetKey: String? { (json["asset"] as? [String: Any])?["key"] as? String }
    var text: String { String(buffer: body) }
  }

  let base: String

  /// Runs `body` against a sandbox on a free port, and stops it afterwards.
  static func run(
    _ configuration: SandboxConfiguration = SandboxConfiguration(), _ body: (SandboxServer) async throws -> Void
  ) async throws {
    let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    let sandbox = try Sandbox(configuration: configuration, logger: logger)
    let (ports, source) = AsyncStream<Int>.makeStream()
    let service = Running(sandbox: sandbox, source: source)
    let group = ServiceGroup(configuration: .init(services: [service], logger: logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask {
        defer { source.finish() }
        try await group.run()
      }
      var port: Int?
      for await first in ports {
        port = first
        break
      }
      let listening = try #require(port)
      do {
        try await body(SandboxServer(base: "http://127.0.0.1:\(listening)"))
      } catch {
        await group.triggerGracefulShutdown()
        throw error
      }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }

  private struct Running: Service {
    let sandbox: Sandbox
    let source: AsyncStream<Int>.Continuation

    func run() async throws {
      try await sandbox.run { source.yield($0) }
    }
  }

  func send(
    _ method: HTTPMethod, _ path: String, headers: HTTPHeaders = ["API-KEY": "any"], body: ByteBuffer? = nil,
    timeout: TimeAmount = .seconds(120)
  ) async throws -> Answer {
    var request = HTTPClientRequest(url: path.hasPrefix("http") ? path : base + path)
    request.method = method
    request.headers = headers
    if let body { request.body = .bytes(body) }
    let response = try await HTTPClient.shared.execute(request, timeout: timeout)
    return Answer(
      status: Int(response.status.code), type: response.headers.first(name: "Content-Type"),
      body: try await response.body.collect(upTo: 64 * 1024 * 1024))
  }

  func edit(
    _ changes: [String: Any?] = [:], top: [String: Any] = [:], headers: HTTPHeaders = ["API-KEY": "any"],
    timeout: TimeAmount = .seconds(120)
  ) async throws -> Answer {
    var object: [String: Any] = [
      "imageUrl": "https://example.com/cat.png", "prompt": "a watercolor", "size": "1024x1024", "n": 1,
      "quality": "medium", "output_format": "png", "output_compression": 85, "background": "auto",
    ]
    for (name, value) in changes { object[name] = value }
    var body: [String: Any] = ["type": "IMAGE_EDITOR", "model": "gpt-image-1-mini", "promptObject": object]
    body.merge(top) { $1 }
    let bytes = try JSONSerialization.data(withJSONObject: body)
    return try await send(.POST, "/api/features", headers: headers, body: ByteBuffer(bytes: bytes), timeout: timeout)
  }

  func upload(_ picture: ByteBuffer, name: String = "cat.png") async throws -> Answer {
    var body = ByteBuffer(
      string: "--b\r\nContent-Disposition: form-data; name=\"asset\"; filename=\"\(name)\"\r\n\r\n")
    body.writeImmutableBuffer(picture)
    body.writeString("\r\n--b--\r\n")
    return try await post(form: body)
  }

  func post(form: ByteBuffer) async throws -> Answer {
    try await send(
      .POST, "/api/assets", headers: ["API-KEY": "any", "Content-Type": "multipart/form-data; boundary=b"], body: form)
  }

  /// Submits an edit and fetches its first result.
  func picture(_ changes: [String: Any?]) async throws -> Answer {
    let answer = try await edit(changes)
    let address = try #require(answer.temporaryURL, "\(answer.text)")
    return try await send(.GET, address, headers: [:])
  }
}
