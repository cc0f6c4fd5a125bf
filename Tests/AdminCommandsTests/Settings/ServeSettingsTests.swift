import AdminCommands
import Foundation
import Gateway
import Testing
import Upstream

@Suite("Settings of tally serve")
struct ServeSettingsTests {
  private func settings(_ flags: [Setting: String], key: String? = "k") throws -> ServeSettings {
    var environment: [String: String] = [:]
    environment["TALLY_UPSTREAM_KEY"] = key
    return try ServeSettings(try SettingsReader(flags: flags, environment: environment, file: nil), cores: 2)
  }

  @Test("Without settings but the key the documented defaults hold")
  func defaultsHold() throws {
    let settings = try settings([:])
    #expect(settings.gateway.host == "127.0.0.1")
    #expect(settings.gateway.port == 8_080)
    #expect(settings.gateway.ratePerMinute == 600)
    #expect(settings.gateway.shutdownGrace == .seconds(315))
    #expect(settings.upstream.baseURL == "https://api.1min.ai")
    #expect(settings.upstream.timeout == .seconds(300))
    #expect(settings.lanes == 2)
    #expect(!settings.gateway.isEncrypted)
  }

  @Test("Without an upstream key it does not start")
  func missingUpstreamKeyIsRefused() {
    #expect { _ = try settings([:], key: nil) } throws: { error in
      (error as? CommandFailure)?.status == .usage && "\(error)".contains("upstream key")
    }
  }

  @Test("The key file is read without the line feed at its end, and goes before the variable")
  func keyFileIsRead() throws {
    let file = try temporaryFolder().appending(path: "key")
    try Data("from-file\n".utf8).write(to: file)
    let expected = try OneMinConfiguration(baseURL: "https://api.1min.ai", apiKey: "from-file")
    #expect(try settings([.upstreamKeyFile: file.path]).upstream.apiKey == expected.apiKey)
    #expect(throws: CommandFailure.self) { _ = try settings([.upstreamKeyFile: file.path + "x"]) }
  }

  @Test("Plain HTTP is for loopback only", arguments: ["127.0.0.1:1", "127.8.8.8:1", "localhost:1", "[::1]:1"])
  func plainHTTPOnLoopback(listen: String) throws {
    #expect(try settings([.listen: listen]).gateway.isLoopback)
  }

  @Test("Plain HTTP elsewhere needs --insecure", arguments: ["0.0.0.0:1", "10.0.0.1:1", "[::]:1", "example.com:1"])
  func plainHTTPElsewhereIsRefused(listen: String) throws {
    #expect { _ = try settings([.listen: listen]) } throws: { error in "\(error)".contains("--insecure") }
    #expect(try settings([.listen: listen, .insecure: "true"]).gateway.isInsecureAllowed)
    #expect(try settings([.listen: listen, .tlsCertificate: "c", .tlsKey: "k"]).gateway.isEncrypted)
  }

  @Test(
    "Wrong values are refused before anything starts",
    arguments: [
      [Setting.listen: "8080"], [.listen: "localhost"], [.listen: "::1:80"], [.listen: "127.0.0.1:65536"],
      [.upstreamTimeout: "0"], [.upstreamTimeout: "-1"], [.upstreamMode: "fast"], [.lanes: "0"], [.rate: "many"],
      [.lease: "x"], [.inDoubtMargin: "1.5"], [.tlsKey: "k"], [.insecure: "maybe"],
    ])
  func wrongValuesAreRefused(flags: [Setting: String]) {
    #expect(throws: (any Error).self) { _ = try settings(flags) }
  }

  @Test("Addresses keep IPv6 in brackets")
  func addressesAreURLs() throws {
    #expect(try #require(ListenAddress("[::1]:0")).address(scheme: "http", port: 5) == "http://[::1]:5")
    #expect(try #require(ListenAddress("localhost:0")).address(scheme: "https", port: 5) == "https://localhost:5")
  }
}
