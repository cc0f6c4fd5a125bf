import Gateway
import Testing

/// Where messages of alerts may go, by the address's form.
@Suite struct WebhookAddressTests {
  private func fault(_ text: String, _ allowed: String = "") -> WebhookAddressFault? {
    do throws(WebhookAddressFault) {
      _ = try WebhookAddress(text, allowing: WebhookAllowance(allowed) ?? WebhookAllowance())
      return nil
    } catch {
      return error
    }
  }

  @Test func partsAreThoseOfTheAddress() throws {
    let address = try WebhookAddress("https://Hooks.Example.com./a/b?c=d&e", allowing: WebhookAllowance())
    #expect(address.isEncrypted && address.host == "hooks.example.com" && address.port == 443)
    #expect(address.target == "/a/b?c=d&e" && address.hostHeader == "hooks.example.com")
    let other = try WebhookAddress("https://[2606:4700::1111]:8443", allowing: WebhookAllowance())
    #expect(other.target == "/" && other.hostHeader == "[2606:4700::1111]:8443")
  }

  @Test(arguments: [
    ("http://hooks.example.com/", WebhookAddressFault.notHTTPS), ("ftp://hooks.example.com/", .notHTTPS),
    ("hooks.example.com/x", .notHTTPS), ("", .notHTTPS), ("https://user@hooks.example.com/", .userinfo),
    ("https://user:pass@hooks.example.com/", .userinfo), ("https://hooks.example.com/é", .malformed),
    ("https://hooks.example.com/a b", .malformed), ("https://hooks.example.com/\r\nX: y", .malformed),
    ("https://hooks.example.com\\@10.0.0.1/", .malformed), ("https://hooks.example.com/#frag", .fragment),
    ("https://hooks.example.com/x?y#", .fragment),
    ("https://example.com/" + String(repeating: "a", count: 2_048), .tooLong),
  ])
  func whatIsNoGoodAddressIsRefused(text: String, expected: WebhookAddressFault) {
    #expect(fault(text) == expected)
  }

  @Test(arguments: [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "0", "0.0.0.0", "[::1]", "[::]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "10.0.0.1",
    "172.16.0.1", "192.168.1.1", "100.64.0.1", "198.18.0.1", "[fc00::1]", "169.254.169.254", "2852039166",
    "0xA9FEA9FE", "[fe80::1]", "168.63.129.16", "metadata.google.internal", "224.0.0.1", "255.255.255.255", "[ff02::1]",
    "localhost", "foo.localhost", "printer.local", "db.internal", "intranet", "api.default.svc",
  ])
  func privateHostsAreRefusedInEveryNotation(host: String) {
    #expect(fault("https://\(host)/") == .privateHost)
    #expect(fault("http://\(host)/") == .notHTTPS)
  }

  @Test(arguments: [
    ("http://127.0.0.1:9000/x", "127.0.0.1"), ("http://127.8.8.8/", "127.0.0.0/8"), ("https://[::1]/", "::1"),
    ("http://[fd00::5]/", "fd00::/8"), ("http://hooks.internal/", "10.0.0.0/8, hooks.internal"),
    ("https://localhost:1/", "LOCALHOST"),
  ])
  func whatIsNamedIsAllowedAlsoWithoutTLS(text: String, allowed: String) throws {
    #expect(WebhookAllowance(allowed) != nil)
    #expect(fault(text, allowed) == nil)
  }

  @Test(arguments: [
    ("http://127.0.0.2/", "127.0.0.1"), ("http://hooks.example.com/", "10.0.0.0/8"),
    ("https://x.internal/", "hooks.internal"),
    ("http://127.1/", "127.0.0.0/8"), ("https://[::ffff:127.0.0.1]/", "127.0.0.0/8"),
    ("https://sub.hooks.internal/", "hooks.internal"),
  ])
  func whatIsNotNamedIsNot(text: String, allowed: String) {
    #expect(fault(text, allowed) != nil)
  }

  @Test(arguments: [
    "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "/8", "10.0.0/8", "fd00::1/8", "a b.example", "http://x", "x/24",
    "*.example.com",
    "256.0.0.1", "1", "host:80", "a,,*",
  ])
  func allowanceThatMeansNothingIsRefused(text: String) {
    #expect(WebhookAllowance(text) == nil)
  }

  @Test func blockHoldsItsAddressesAndNoOthers() throws {
    let block = try #require(AddressBlock("10.1.0.0/16"))
    #expect(block.contains(.v4(0x0A01_0000)) && block.contains(.v4(0x0A01_FFFF)))
    #expect(!block.contains(.v4(0x0A00_FFFF)) && !block.contains(.v4(0x0A02_0000)))
    #expect(!block.contains(.v6(0xFFFF_0A01_0000)))
    let all = try #require(AddressBlock("0.0.0.0/0"))
    #expect(all.contains(.v4(.max)) && !all.contains(.v6(0)))
    let wide = try #require(AddressBlock("[fd00::]/8"))
    #expect(wide.contains(.v6(0xFD << 120 | 1)) && !wide.contains(.v6(0xFE << 120)))
    #expect(try #require(AddressBlock("::/0")).contains(.v6(.max)))
  }

  /// What names lead to is checked as numbers: there is one notation of them.
  @Test(arguments: [
    "0.0.0.0", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.53", "169.254.169.254", "172.31.0.1",
    "192.0.0.192",
    "192.168.0.1", "198.19.0.1", "224.0.0.251", "240.0.0.1", "255.255.255.255", "168.63.129.16", "[::]", "[::1]",
    "[::ffff:8.8.8.8]", "[::ffff:10.0.0.1]", "[64:ff9b::808:808]", "[fc00::1]", "[fd00:ec2::254]", "[fe80::1]",
    "[ff02::1]", "[2001:db8::1]", "[2002:a00:1::]", "[100::1]",
  ])
  func addressThatIsNotPublicIsNotConnectedTo(text: String) throws {
    let address = try #require(NetworkAddress(host: text))
    #expect(!WebhookAllowance().allows(address, of: "hooks.example.com"))
    #expect(try #require(WebhookAllowance("hooks.example.com")).allows(address, of: "hooks.example.com"))
    #expect(!(try #require(WebhookAllowance("other.example.com")).allows(address, of: "hooks.example.com")))
  }

  @Test(arguments: ["8.8.8.8", "100.63.255.255", "100.128.0.0", "172.32.0.1", "[2606:4700::1111]"])
  func publicAddressIsConnectedTo(text: String) throws {
    #expect(WebhookAllowance().allows(try #require(NetworkAddress(host: text)), of: "hooks.example.com"))
  }
}
