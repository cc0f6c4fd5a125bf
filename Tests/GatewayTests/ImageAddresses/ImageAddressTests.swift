import Gateway
import Testing

@Suite struct ImageAddressTests {
  private let storage = StorageHosts(upstreamURL: "http://127.0.0.1:9000")

  @Test(arguments: [
    "development/images/2025_12_04_18_10_29_882_cat.png", "images/a b.png", "images/ä:1.png", "cat.png",
    "/images/x.png",
    "images/../../other",
  ])
  func whatIsNoAddressIsAKey(text: String) throws {
    #expect(try ImageAddress(text, storage: storage) == .storageKey(text))
  }

  @Test(arguments: [
    ("https://asset.1min.ai.s3.us-east-1.amazonaws.com/images/cat.png", "images/cat.png"),
    ("https://asset.1min.ai.s3.amazonaws.com/images/cat.png", "images/cat.png"),
    ("https://asset.1min.ai.s3.dualstack.eu-west-1.amazonaws.com./images/cat.png", "images/cat.png"),
    (
      "https://s3.us-east-1.amazonaws.com/asset.1min.ai/development/images/cat.png?X-Amz-Signature=a",
      "development/images/cat.png"
    ),
    ("https://s3.amazonaws.com/asset.1min.ai/images/cat.png#x", "images/cat.png"),
    ("https://s3.amazonaws.com/./asset.1min.ai/images/cat.png", "images/cat.png"),
    ("https://s3.amazonaws.com/x/../asset%2E1min.ai/images/cat.png", "images/cat.png"),
    ("HTTPS://ASSET.1MIN.AI/images/cat.png", "images/cat.png"),
    ("http://asset.1min.ai/images/cat.png", "images/cat.png"),
    ("https://asset.1min.ai:443//images/cat.png", "images/cat.png"),
    ("https://asset.1min.ai/images/a%20b%C3%A9.png", "images/a bé.png"),
    ("https://api.1min.ai/images/cat.png", "images/cat.png"),
    ("https://asset.1min.ai/images/%zz.png", "images/%zz.png"),
    ("http://127.0.0.1:9000/asset.1min.ai/images/cat.png?X-Amz-Signature=a", "images/cat.png"),
    ("http://127.0.0.1:9000/images/cat.png", "images/cat.png"),
  ])
  func addressOfTheStorageIsReducedToItsKey(text: String, key: String) throws {
    #expect(try ImageAddress(text, storage: storage) == .storageKey(key))
  }

  @Test(arguments: [
    "https://example.com/cat.png", "https://example.com:8443/a?b=c#d", "https://EXAMPLE.com", "https://8.8.8.8/x",
    "https://[2606:4700::1111]/x", "https://a-b.c_d.example.co.uk/%20", "https://xn--bcher-kva.example/",
    "https://s3.us-east-1.amazonaws.com/another-bucket/cat.png", "https://1min.ai.example.com/x",
    "https://example.com./x", "https://not1min.ai/x", "https://example.com/é.png",
  ])
  func publicAddressIsForwardedAsItCame(text: String) throws {
    #expect(try ImageAddress(text, storage: storage) == .url(text))
  }

  @Test(arguments: [
    "http://example.com/cat.png", "ftp://example.com/x", "file:///etc/passwd", "data:image/png;base64,AAAA",
    "javascript:alert(1)", "//example.com/cat.png", "gopher://example.com", "localhost:8080/x",
    "blob:https://a.example",
    "http://127.0.0.1:9001/images/cat.png", "http://127.0.0.1/images/cat.png",
  ])
  func otherSchemesAreRefused(text: String) {
    #expect(fault(text) == .notHTTPS)
  }

  @Test(arguments: [
    // Loopback, in every notation.
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.0.0.1.",
    "127.00.0.1", "0x7F.0x0.0x0.0x1", "127.255.255.254", "0", "0.0.0.0", "0x", "127.0.0.0x1", "[::1]", "[::]",
    "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[::ffff:0:127.0.0.1]",
    // Private and shared networks.
    "10.0.0.1", "012.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "192.168.257", "3232235777", "100.64.0.1",
    "100.100.100.200", "198.18.0.1", "[fc00::1]", "[fd00:ec2::254]",
    // Link-local and metadata.
    "169.254.169.254", "2852039166", "0xA9FEA9FE", "0251.0376.0251.0376", "169.254.43518", "[fe80::1]",
    "[::ffff:169.254.169.254]", "168.63.129.16", "192.0.0.192", "metadata.google.internal",
    // Multicast, reserved, documentation.
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.51.100.1", "203.0.113.1",
    "192.88.99.1", "[ff02::1]", "[2001:db8::1]", "[2001::1]", "[3fff::1]", "[100::1]",
    // Local names.
    "localhost", "LOCALHOST", "localhost.", "foo.localhost", "printer.local", "db.internal", "router.lan",
    "box.home.arpa",
    "intranet", "a.corp", "api.default.svc", "x.localdomain", "1.0.0.127.in-addr.arpa", "256.1.1.1", "1.2.3.4.5",
    "1.2.3", "example.0x7f",
    "example.1", "a..example.com", ".example.com",
  ])
  func privateHostsAreRefusedInEveryNotation(host: String) {
    #expect(fault("https://\(host)/latest/meta-data/") == .privateHost)
    #expect(fault("https://\(host):8443/") == .privateHost)
  }

  @Test(arguments: [
    "https://", "https:///x", "https:example.com", "https:/example.com/x", "https://exa mple.com/",
    "https://example.com\\x",
    "https://example.com\\@127.0.0.1/", "https://127.0.0.1%2f@example.com\\", "https://exámple.com/",
    "https://①②⑦.0.0.1/",
    "https://１２７.0.0.1/", "https://127%2e0.0.1/", "https://%31%32%37.0.0.1/", "https://example.com:0/",
    "https://example.com:65536/", "https://example.com:/", "https://example.com:80a/", "https://[::1/",
    "https://[fe80::1%25eth0]/",
    "https://[::1]x/", "https://example.com/\n", "https://example.com/a\u{7F}", "https://example.com/\0",
    "https://exa\tmple.com/",
    "https://.", "https://[v1.x]/", "https://example。com/",
  ])
  func whatReadersCouldDisagreeOnIsRefused(text: String) {
    #expect(fault(text) != nil)
    #expect(fault(text) != .notHTTPS)
  }

  @Test(arguments: [
    "https://user@example.com/", "https://user:password@example.com/", "https://@example.com/",
    "https://asset.1min.ai@127.0.0.1/", "https://x@asset.1min.ai/images/cat.png",
  ])
  func userinfoIsRefused(text: String) {
    #expect(fault(text) == .userinfo)
  }

  @Test func lengthsAreBounded() {
    #expect(fault("") == .empty)
    #expect(fault("https://asset.1min.ai/") == .empty)
    #expect(fault(String(repeating: "k", count: ImageAddress.maximumKeyBytes + 1)) == .tooLong)
    #expect(fault("https://example.com/" + String(repeating: "a", count: 2_048)) == .tooLong)
    #expect(fault("images/a\nb.png") == .malformed)
    #expect(fault("images/a\0b.png") == .malformed)
  }

  @Test func faultsDoNotRepeatTheAddress() {
    #expect(fault("https://secret:token@example.com/")?.rawValue.contains("secret") == false)
  }

  private func fault(_ text: String) -> ImageAddressFault? {
    do {
      _ = try ImageAddress(text, storage: storage)
      return nil
    } catch {
      return error
    }
  }
}
