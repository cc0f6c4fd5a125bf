/// The operator's key for the provider. However it is printed, only a placeholder shows.
package struct APIKey: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The longest key that is accepted, in bytes: it goes into a header of every request.
  package static let maximumBytes = 4096

  /// The secret itself, for the `API-KEY` header only.
  let secret: String

  /// Takes a key: visible ASCII characters only, as a header carries it.
  ///
  /// - Throws: ``OneMinConfigurationError/unusableKey``.
  package init(_ secret: String) throws(OneMinConfigurationError) {
    guard (1...Self.maximumBytes).contains(secret.utf8.count), secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { throw .unusableKey }
    self.secret = secret
  }

  package var description: String { "<redacted>" }
  package var debugDescription: String { "<redacted>" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
