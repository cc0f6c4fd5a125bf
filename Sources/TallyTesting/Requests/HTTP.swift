import AsyncHTTPClient
package import Foundation
import NIOCore
import NIOHTTP1

/// A small HTTP client for tests: one address, plain answers.
package struct HTTP: Sendable {
  /// Longest wait for one answer.
  package static let timeout = Duration.seconds(60)
  /// Most bytes of an answer.
  static let maximumBytes = 64 * 1_024 * 1_024

  /// Connections to one gateway: the tests send 500 edits at once.
  static let maximumConnections = 600
  /// One client for the whole run. It is never shut down: the process ends with it.
  private static let client: HTTPClient = {
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = maximumConnections
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }()

  /// What came back.
  package struct Answer: Sendable {
    /// HTTP status.
    package var status: Int
    /// Headers, names in lower case.
    package var headers: [String: String]
    /// The body.
    package var body: Data

    /// The body read as JSON.
    package var json: JSONNode { JSONNode(parsing: body) }
    /// The body read as text.
    package var text: String { String(decoding: body, as: UTF8.self) }
  }

  /// Where requests go, without a slash at the end.
  package var base: String
  /// Sent with each request.
  package var headers: [String: String]

  /// Longest wait for one answer; then the client goes away.
  package var patience = HTTP.timeout

  /// A client of `base` that sends `headers`; a key goes in as `["API-KEY": key]`.
  package init(base: String, headers: [String: String] = [:]) {
    self.base = base
    self.headers = headers
  }

  /// The same client with an API key.
  package func with(key: String) -> HTTP {
    var copy = self
    copy.headers["API-KEY"] = key
    return copy
  }

  /// GET. Throws what the connection throws.
  package func get(_ path: String) async throws -> Answer {
    try await send("GET", path, body: nil, headers: [:])
  }

  /// POST of a JSON text. Throws what the connection throws.
  package func post(_ path: String, json: String, headers: [String: String] = [:]) async throws -> Answer {
    try await send(
      "POST", path, body: Data(json.utf8), headers: ["Content-Type": "application/json"].merging(headers) { $1 })
  }

  /// PATCH with a JSON text. Throws what the connection throws.
  package func patch(_ path: String, json: String) async throws -> Answer {
    try await send("PATCH", path, body: Data(json.utf8), headers: ["Content-Type": "application/json"])
  }

  /// DELETE. Throws what the connection throws.
  package func delete(_ path: String) async throws -> Answer {
    try await send("DELETE", path, body: nil, headers: [:])
  }

  /// POST of a picture as the file field `asset`. Throws what the connection throws.
  package func upload(_ picture: Data, name: String = "picture.png", path: String = "/api/assets") async throws
    -> Answer
  {
    let boundary = "tally-test-boundary"
    var body = Data(
      """
      --\(boundary)\r
      Content-Disposition: form-data; name="asset"; filename="\(name)"\r
      Content-Type: application/octet-stream\r
      \r

      """.utf8)
    body.append(picture)
    body.append(Data("\r\n--\(boundary)--\r\n".utf8))
    return try await send(
      "POST", path, body: body, headers: ["Content-Type": "multipart/form-data; boundary=\(boundary)"])
  }

  /// Any request. Throws what the connection throws.
  package func send(_ method: String, _ path: String, body: Data?, headers extra: [String: String]) async throws
    -> Answer
  {
    var request = HTTPClientRequest(url: path.hasPrefix("http") ? path : base + path)
    request.method = HTTPMethod(rawValue: method)
    for (name, value) in headers.merging(extra, uniquingKeysWith: { $1 }) {
      request.headers.replaceOrAdd(name: name, value: value)
    }
    if let body { request.body = .bytes(body) }
    let response = try await HTTP.client.execute(request, timeout: TimeAmount(patience))
    let bytes = try await response.body.collect(upTo: HTTP.maximumBytes)
    var names: [String: String] = [:]
    for (name, value) in response.headers { names[name.lowercased()] = value }
    return Answer(status: Int(response.status.code), headers: names, body: Data(bytes.readableBytesView))
  }
}
