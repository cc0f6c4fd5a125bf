/// What is wrong with the way to the provider. Neither case repeats the value: it may hold a secret.
package enum OneMinConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The address is not http or https with a host, or has a user, a query or a fragment.
  case unusableAddress
  /// The key is empty, too long, or has a character that a header cannot carry.
  case unusableKey

  package var description: String {
    switch self {
    case .unusableAddress:
      "the upstream address must be http:// or https:// with a host, without user, query or fragment"
    case .unusableKey: "the upstream key must be 1 to \(APIKey.maximumBytes) visible ASCII characters"
    }
  }
}
