import LedgerStore

/// Where an alert's messages are sent: an address whose form was checked. What its name leads to is checked each time that
/// something is sent, since names change.
package struct WebhookAddress: Sendable, Hashable {
  /// Whether TLS is spoken.
  package var isEncrypted: Bool
  /// The host in lower case, an IPv6 literal in brackets.
  package var host: String
  /// The port.
  package var port: Int
  /// What the request line names: path and query.
  package var target: String

  /// Reads an address. Throws the reason why it is not taken, which does not repeat it.
  package init(_ text: String, allowing allowance: WebhookAllowance) throws(WebhookAddressFault) {
    guard text.utf8.count <= Alert.urlBytesMaximum else { throw .tooLong }
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .malformed }
    // What is behind it never leaves a client, so who writes one expects something that does not happen.
    guard !text.utf8.contains(UInt8(ascii: "#")) else { throw .fragment }
    let url: URLText
    do {
      url = try URLText(text)
    } catch {
      throw WebhookAddressFault(error)
    }
    let isNamed = allowance.names(url.host)
    guard url.scheme == .https || isNamed else { throw .notHTTPS }
    guard isNamed || PublicHost.isPublic(url.host) else { throw .privateHost }
    isEncrypted = url.scheme == .https
    host = url.host
    port = url.port ?? (isEncrypted ? 443 : 80)
    target = "/\(url.path)" + (url.query.map { "?\($0)" } ?? "")
  }

  /// The `Host` header: without a port that goes without saying (RFC 9110 section 7.2).
  package var hostHeader: String {
    port == (isEncrypted ? 443 : 80) ? host : "\(host):\(port)"
  }
}

/// Why an alert's address is not taken.
package enum WebhookAddressFault: String, Error, Sendable, Hashable {
  /// Too many bytes.
  case tooLong = "must have at most 2048 bytes"
  /// No address by RFC 3986, or one that two readers could understand differently.
  case malformed = "is not a well-formed address: an absolute https address of printable ASCII characters is wanted"
  /// Another scheme than https.
  case notHTTPS = "must be an https address; plain http is taken only for hosts that TALLY_WEBHOOK_ALLOW names"
  /// A name or password in front of the host.
  case userinfo = "must not carry a user name or password; the signature tells the receiver who sends"
  /// A `#`, and something behind it that no server is ever told.
  case fragment = "must have no #: what stands behind it is never sent"
  /// An address inside of somebody's network.
  case privateHost =
    "must not name a private, local or reserved address; TALLY_WEBHOOK_ALLOW names hosts and blocks that may be"

  /// What a fault of an address's form means here.
  init(_ fault: ImageAddressFault) {
    switch fault {
    case .empty, .malformed: self = .malformed
    case .tooLong: self = .tooLong
    case .notHTTPS: self = .notHTTPS
    case .userinfo: self = .userinfo
    case .privateHost: self = .privateHost
    }
  }
}
