package import Ledger

/// A picture that a member uploaded, as the upstream stored it.
package struct NewAsset: Sendable {
  /// The team that owns it.
  package var team: TeamID
  /// Key in the upstream's storage.
  package var storageKey: String
  /// Who uploaded it.
  package var member: MemberID
  /// What its bytes are, `image/png`.
  package var mediaType: String
  /// Its size in bytes.
  package var bytes: Int64
  /// The file name that the client gave; personal.
  package var originalName: String?
  /// When it was stored.
  package var createdAt: Timestamp

  /// An uploaded picture.
  package init(
    team: TeamID, storageKey: String, member: MemberID, mediaType: String, bytes: Int64, originalName: String?,
    createdAt: Timestamp
  ) {
    self.team = team
    self.storageKey = storageKey
    self.member = member
    self.mediaType = mediaType
    self.bytes = bytes
    self.originalName = originalName
    self.createdAt = createdAt
  }
}
