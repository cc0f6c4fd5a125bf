/// The addresses at which the provider's storage is reached. An address there is reduced to its key, and the key is
/// then checked like any other: whatever is taken for storage here is fenced, so more is better than less.
package struct StorageHosts: Sendable, Equatable {
  /// The provider's own domain; every host of it counts as storage.
  package static let providerDomain = "1min.ai"
  /// Its bucket.
  package static let bucket = "asset.1min.ai"
  /// The domain of the storage service, under which a bucket has several addresses.
  package static let serviceDomain = "amazonaws.com"

  /// A host of its own, such as the upstream of a test, whose storage is reached at the very address of its API.
  private struct Origin: Sendable, Equatable {
    var host: String
    var port: Int?
  }

  private var origins: [Origin] = []

  /// The provider's storage, and that of `upstream` where its address is another one.
  ///
  /// - Parameter upstreamURL: the address that edits are sent to, http or https.
  package init(upstreamURL: String) {
    guard let url = try? URLText(upstreamURL) else { return }
    origins.append(Origin(host: url.host, port: StorageHosts.port(of: url)))
  }

  /// The storage key that an address names; nil where it is not on the storage. Empty where the address names none.
  package func key(of url: URLText) -> String? {
    let host = url.host
    // What cannot be decoded is no key of anybody, so it is looked up as it stands and not found.
    let path = PercentCoding.decode(url.path) ?? url.path
    let isProvider = StorageHosts.isHost(host, within: StorageHosts.providerDomain)
    if isProvider || origins.contains(Origin(host: host, port: StorageHosts.port(of: url))) {
      return StorageHosts.keyBehindBucket(path) ?? StorageHosts.withoutLeadingSlashes(path)
    }
    guard StorageHosts.isHost(host, within: StorageHosts.serviceDomain) else { return nil }
    // Virtual-hosted style has the bucket in the host's name, path style in front of the key.
    if host.utf8.starts(with: (StorageHosts.bucket + ".").utf8) { return StorageHosts.withoutLeadingSlashes(path) }
    return StorageHosts.keyBehindBucket(path)
  }

  /// What follows the first segment that is the bucket, wherever it stands: a fetcher may drop the segments before it
  /// (`./`, `x/../`).
  private static func keyBehindBucket(_ path: String) -> String? {
    let segments = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard let position = segments.firstIndex(where: { $0.elementsEqual(bucket.utf8) }) else { return nil }
    return segments[(position + 1)...].map { String(decoding: Array($0), as: UTF8.self) }.joined(separator: "/")
  }

  private static func withoutLeadingSlashes(_ path: String) -> String {
    String(decoding: Array(path.utf8.drop { $0 == UInt8(ascii: "/") }), as: UTF8.self)
  }

  private static func isHost(_ host: String, within domain: String) -> Bool {
    host.hasSameBytes(as: domain) || host.hasSuffix("." + domain)
  }

  private static func port(of url: URLText) -> Int {
    url.port ?? (url.scheme == .https ? 443 : 80)
  }
}
