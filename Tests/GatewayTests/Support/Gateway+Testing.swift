import Gateway
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import LedgerStore
import Logging
import NIOCore
import Upstream

/// A whole gateway over a stub of the ledger and of the provider, spoken to without a socket.
struct GatewayUnderTest: Sendable {
  var ledger: StubLedger
  var provider: StubProvider
  var manual = ManualClock()
  var registry = PrometheusRegistry()
  var configuration = GatewayConfiguration()
  var exports: ExportParts?
  var receipts = Receipts()

  /// A gateway that knows the fixtures' key.
  init(_ principal: Principal = Fixtures.principal(), provider: StubProvider = StubProvider()) {
    ledger = StubLedger(principal: principal)
    self.provider = provider
  }

  /// What came back.
  struct Answer: Sendable {
    var status: HTTPResponse.Status
    var headers: HTTPFields
    var body: [UInt8]

    /// The body as JSON.
    var json: JSONValue? { try? JSONReader.parse(body) }
    /// The error code, of whichever shape.
    var code: String? { json?.at("errorCode")?.text ?? json?.at("code")?.text }
    /// The details, read as JSON.
    var details: JSONValue? {
      json?.at("details")?.text.flatMap { try? JSONReader.parse(Array($0.utf8)) }
    }
  }

  /// Runs `use` with a client of the gateway.
  func run<Value: Sendable>(_ use: @Sendable (Client) async throws -> Value) async throws -> Value {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let parts = GatewayServer.Parts(
      ledger: ledger, provider: provider, registry: registry, logger: logger, clock: manual.clock,
      receipts: receipts, exports: exports)
    let application = try GatewayServer(configuration, parts).makeApplication()
    return try await application.test(.router) { client in try await use(Client(client: client)) }
  }

  /// Sends requests.
  struct Client: Sendable {
    let client: any TestClientProtocol

    /// Any request, with the fixtures' key unless told otherwise.
    func send(
      _ method: HTTPRequest.Method, _ path: String, body: String? = nil, key: String? = Fixtures.key.text,
      headers extra: [(String, String)] = []
    ) async throws -> Answer {
      try await send(method, path, bytes: body.map { ByteBuffer(string: $0) }, key: key, headers: extra)
    }

    /// Any request with bytes as its body.
    func send(
      _ method: HTTPRequest.Method, _ path: String, bytes: ByteBuffer?, key: String? = Fixtures.key.text,
      headers extra: [(String, String)] = []
    ) async throws -> Answer {
      var headers = HTTPFields()
      if let key { headers[.authorization] = "Bearer \(key)" }
      for (name, value) in extra {
        if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
      }
      return try await client.execute(uri: path, method: method, headers: headers, body: bytes) { response in
        Answer(status: response.status, headers: response.headers, body: Array(response.body.readableBytesView))
      }
    }

    /// An edit.
    func edit(_ body: String = Fixtures.body(), headers: [(String, String)] = []) async throws -> Answer {
      try await send(
        .post, "/api/features", body: body, headers: [("Content-Type", "application/json")] + headers)
    }

    /// An upload.
    func upload(_ picture: [UInt8], fileName: String = "cat.png") async throws -> Answer {
      var body = ByteBuffer(
        string: "--b\r\nContent-Disposition: form-data; name=\"asset\"; filename=\"\(fileName)\"\r\n\r\n")
      body.writeBytes(picture)
      body.writeString("\r\n--b--\r\n")
      return try await send(
        .post, "/api/assets", bytes: body, headers: [("Content-Type", "multipart/form-data; boundary=b")])
    }
  }
}
