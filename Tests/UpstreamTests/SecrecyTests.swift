import Logging
import Synchronization
import Testing
import Upstream

/// The operator's key is nowhere but in its header.
@Suite struct SecrecyTests {
  @Test func keyShowsInNoDescription() throws {
    let configuration = try OneMinConfiguration(baseURL: "https://api.1min.ai", apiKey: testKey)
    var dumped = ""
    dump(configuration, to: &dumped)
    for text in ["\(configuration)", String(reflecting: configuration), dumped, "\(configuration.apiKey)"] {
      #expect(!text.contains(testKey))
    }
  }

  @Test func keyShowsInNoLog() async throws {
    let log = CapturedLog()
    let logger = Logger(label: "test") { _ in log }
    let port = try #require(DeafPort())
    _ = try await withProvider(port: port.number, logger: logger) { await $0.submit(.sample, permit: { true }) }
    let server = RawServer { $0.reset() }
    _ = try await server.run { port in
      try await withProvider(port: port, logger: logger) { await $0.submit(.sample, permit: { true }) }
    }
    #expect(log.lines.count >= 2)
    for line in log.lines {
      #expect(!line.contains(testKey))
      #expect(!line.contains("watercolor"), "prompts are the members' own")
    }
  }

  @Test(arguments: [
    "", "api.1min.ai", "ftp://api.1min.ai", "http://", "https:///x", "https://user:pass@api.1min.ai",
    "https://api.1min.ai?a=b", "https://api.1min.ai/#a", "https://api.1min.ai\r\nX: y", "https://ä.example",
  ])
  func unusableAddressIsRefusedAtTheStart(address: String) {
    #expect(throws: OneMinConfigurationError.unusableAddress) {
      try OneMinConfiguration(baseURL: address, apiKey: testKey)
    }
  }

  @Test(arguments: ["", "a b", "a\n", "ü"])
  func unusableKeyIsRefusedAtTheStart(key: String) {
    #expect(throws: OneMinConfigurationError.unusableKey) {
      try OneMinConfiguration(baseURL: "https://api.1min.ai", apiKey: key)
    }
  }
}

/// Keeps log lines with all that they carry.
final class CapturedLog: LogHandler {
  private let captured = Mutex<[String]>([])

  var lines: [String] { captured.withLock { $0 } }

  var metadata: Logger.Metadata {
    get { [:] }
    set { _ = newValue }
  }
  var logLevel: Logger.Level {
    get { .trace }
    set { _ = newValue }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { nil }
    set { _ = newValue }
  }

  func log(event: LogEvent) {
    captured.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
  }
}
