/// What the `imageUrl` of an edit names (docs/http.md, imageUrl).
///
/// The provider's account is shared by all tenants, so a storage key is only good for the team that owns it, and an
/// address on the provider's storage is nothing but another way to write a key. Any other address is forwarded and
/// never fetched by the gateway, but it must not lead into anybody's private network.
package enum ImageAddress: Sendable, Equatable {
  /// A key in the provider's storage; the caller's team must own it.
  case storageKey(String)
  /// An https address that anybody may name; forwarded as it came.
  case url(String)

  /// Longest address, in bytes: what browsers and proxies agree to carry.
  package static let maximumURLBytes = 2_048
  /// Longest storage key, in bytes: S3's own limit.
  package static let maximumKeyBytes = 1_024

  /// Reads an `imageUrl`. Throws the reason why it is not taken, which does not repeat it.
  package init(_ text: String, storage: StorageHosts) throws(ImageAddressFault) {
    guard !text.utf8.isEmpty else { throw .empty }
    guard URLText.hasScheme(text) || text.utf8.starts(with: "//".utf8) else {
      self = .storageKey(try ImageAddress.checkedKey(text))
      return
    }
    guard text.utf8.count <= ImageAddress.maximumURLBytes else { throw .tooLong }
    let url = try URLText(text)
    if let key = storage.key(of: url) {
      self = .storageKey(try ImageAddress.checkedKey(key))
      return
    }
    guard url.scheme == .https else { throw .notHTTPS }
    guard PublicHost.isPublic(url.host) else { throw .privateHost }
    self = .url(text)
  }

  /// A key that can be looked up: no control characters, not longer than storage keys are.
  private static func checkedKey(_ key: String) throws(ImageAddressFault) -> String {
    guard !key.utf8.isEmpty else { throw .empty }
    guard key.utf8.count <= maximumKeyBytes else { throw .tooLong }
    guard key.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { throw .malformed }
    return key
  }
}

/// Why an `imageUrl` is not taken.
package enum ImageAddressFault: String, Error, Sendable, Equatable {
  /// Nothing is there.
  case empty = "must be the key of an uploaded picture or an https address"
  /// Too many bytes.
  case tooLong = "must have at most 1024 bytes as a storage key, 2048 as an address"
  /// No address by RFC 3986, or one that two readers could understand differently.
  case malformed = "is not a well-formed address"
  /// Another scheme than https.
  case notHTTPS = "must be an https address or the key of an uploaded picture"
  /// A name or password in front of the host.
  case userinfo = "must not carry a user name or password"
  /// An address inside of somebody's network.
  case privateHost = "must not name a private, local or reserved address"
}
