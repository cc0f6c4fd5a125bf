/// `key.revoked`: a key no longer works, from the time of this line on.
package struct KeyRevoked: Hashable, Sendable {
  /// The key.
  package var key: KeyID

  /// An event for that key.
  package init(key: KeyID) {
    self.key = key
  }
}
