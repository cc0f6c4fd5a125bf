/// Where and how the 1min.ai service is reached.
package struct OneMinConfiguration: Sendable, Equatable {
  /// The service's address without a trailing slash, for example `https://api.1min.ai`.
  package let baseURL: String
  /// The operator's key.
  package let apiKey: APIKey
  /// The longest time from submitting an edit or an upload to the last byte of its answer. A synchronous edit can hold
  /// its connection for more than a minute; past 5 minutes nobody waits any more.
  package var timeout: Duration = .seconds(300)
  /// The longest time that a question for a result may take. It is answered from a record, so it is quick or stuck.
  package var resultTimeout: Duration = .seconds(30)
  /// The longest wait for a connection, new or from the pool. Nothing is sent while waiting, so it may be short.
  package var connectTimeout: Duration = .seconds(10)
  /// The longest answer that is read, in bytes. Answers have a few kilobytes, most of it the prompt; reading stops here.
  package var maximumResponseBytes: Int = 8 * 1024 * 1024
  /// The most connections at once, so the most edits at once: at 180 requests a minute (the account's known limit) of
  /// 100 seconds each, 300 are open. More wait up to ``connectTimeout``. Each takes a file descriptor.
  package var maximumConnections: Int = 512
  /// How long an unused connection is kept. Shorter than the 60 seconds after which many servers close theirs, since a
  /// request that meets a closing connection ends *in doubt*.
  package var idleTimeout: Duration = .seconds(30)

  /// Checks an address and a key.
  ///
  /// - Parameters:
  ///   - baseURL: `http` or `https`, a host, perhaps a port and a path; a trailing slash is dropped.
  ///   - apiKey: the operator's key.
  ///   - timeout: see ``timeout``.
  /// - Throws: ``OneMinConfigurationError``.
  package init(
    baseURL: String, apiKey: String, timeout: Duration = .seconds(300)
  ) throws(OneMinConfigurationError) {
    self.baseURL = try Self.checked(baseURL)
    self.apiKey = try APIKey(apiKey)
    self.timeout = timeout
  }

  private static func checked(_ text: String) throws(OneMinConfigurationError) -> String {
    let bytes = Array(text.utf8)
    guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .unusableAddress }
    let scheme = ["https://", "http://"].first { bytes.starts(with: $0.utf8) }
    guard let scheme else { throw .unusableAddress }
    let rest = bytes.dropFirst(scheme.utf8.count)
    let authority = rest.prefix { $0 != UInt8(ascii: "/") }
    // A name and password in the address would end up in logs; a query or fragment cannot be a prefix of a path.
    guard !authority.isEmpty, !authority.contains(UInt8(ascii: "@")), !rest.contains(UInt8(ascii: "?")),
      !rest.contains(UInt8(ascii: "#"))
    else { throw .unusableAddress }
    var end = bytes.count
    while end > 0, bytes[end - 1] == UInt8(ascii: "/") { end -= 1 }
    return String(decoding: bytes[..<end], as: UTF8.self)
  }
}
