import Logging
import Synchronization
import Upstream

let testKey = "secret-key-that-nobody-may-see"

extension EditRequest {
  static let sample = EditRequest(
    requestID: "0198c0de-0000-7000-8000-000000000001", model: "gpt-image-1-mini", imageUrl: "images/cat.png",
    prompt: "as a \"watercolor\"/sketch", size: "1024x1024", n: 1, quality: "medium", outputFormat: "png",
    outputCompression: 85, background: "auto")
}

/// Runs `body` with a client of a server on that port, and stops the client afterwards.
func withProvider<Value>(
  port: Int, scheme: String = "http", host: String = "127.0.0.1", timeout: Duration = .seconds(120),
  connectTimeout: Duration = .seconds(60),
  logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
  change: (inout OneMinConfiguration) -> Void = { _ in }, _ body: (OneMinProvider) async throws -> Value
) async throws -> Value {
  var configuration = try OneMinConfiguration(
    baseURL: "\(scheme)://\(host):\(port)", apiKey: testKey, timeout: timeout)
  configuration.connectTimeout = connectTimeout
  // A kept connection is kept however long other tests hold the processors.
  configuration.idleTimeout = .seconds(600)
  change(&configuration)
  let provider = OneMinProvider(configuration: configuration, logger: logger)
  do {
    let value = try await body(provider)
    await provider.shutdown()
    return value
  } catch {
    await provider.shutdown()
    throw error
  }
}

/// What a server answers, as HTTP.
func http(_ status: String, headers: [String] = [], _ body: String) -> String {
  (["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers).joined(separator: "\r\n")
    + "\r\n\r\n" + body
}

/// A record in the Feature API's shape.
func record(
  status: String = "SUCCESS", results: String = #"["images/a.png"]"#, metadata: String = "null",
  responseObject: String = "{}"
) -> String {
  """
  {"aiRecord":{"uuid":"rec-1","userId":"u","teamId":"t","teamUser":{"usedCredit":1},"model":"gpt-image-1-mini",\
  "type":"IMAGE_EDITOR","metadata":\(metadata),"status":"\(status)","createdAt":"2025-01-15T16:00:00.000Z",\
  "aiRecordDetail":{"promptObject":{"n":1},"resultObject":\(results),"responseObject":\(responseObject)},\
  "temporaryUrl":"https://storage.example/a.png?X-Amz-Signature=s"}}
  """
}

/// Counts how often the permit was asked.
final class Permit: Sendable {
  private let asked = Atomic<Int>(0)
  private let answer: Bool

  init(_ answer: Bool) { self.answer = answer }

  var count: Int { asked.load(ordering: .relaxed) }

  @Sendable func ask() -> Bool {
    asked.add(1, ordering: .relaxed)
    return answer
  }
}

/// Lets a test wait until something has happened elsewhere.
struct Signal: Sendable {
  private let stream: AsyncStream<Void>
  private let source: AsyncStream<Void>.Continuation

  init() { (stream, source) = AsyncStream.makeStream() }

  func send() { source.yield() }

  func wait() async {
    for await _ in stream { return }
  }
}
