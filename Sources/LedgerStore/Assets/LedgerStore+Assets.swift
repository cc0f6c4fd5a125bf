package import Ledger
import Postgres

extension LedgerStore {
  /// The longest storage key, in bytes: what the table takes.
  package static let storageKeyBytesMaximum = 1_024

  /// Notes that a team owns a picture that it uploaded, so that its edits may name it. The same picture again changes
  /// nothing.
  /// - Throws: `invalid`; `unavailable`.
  package func storeAsset(_ asset: NewAsset) async throws(StoreError) {
    guard Self.canBeStorageKey(asset.storageKey) else {
      throw StoreError(
        .invalid(field: "storageKey", message: "must have 1 to \(Self.storageKeyBytesMaximum) bytes and no NUL"))
    }
    // A name is for people to look at: without the byte that no column takes it says the same.
    let name = asset.originalName.map { name in
      Self.isStorable(name) ? name : String(decoding: name.utf8.filter { $0 != 0 }, as: UTF8.self)
    }
    _ = try await rows(
      .insertAsset, asset.team.uuid, asset.storageKey, asset.member.uuid, asset.mediaType, asset.bytes, name,
      asset.createdAt.timestamptz, of: asset.team, access: .readWrite)
  }

  /// Whether a storage key is an upload or a result of a team: the upstream account is shared by all teams, so this is
  /// the only fence between them.
  /// - Throws: `unavailable`.
  package func ownsStorageKey(_ key: String, team: TeamID) async throws(StoreError) -> Bool {
    guard Self.canBeStorageKey(key) else { return false }
    return try await !rows(.ownedStorageKey, team.uuid, key, of: team).isEmpty
  }

  private static func canBeStorageKey(_ key: String) -> Bool {
    (1...storageKeyBytesMaximum).contains(key.utf8.count) && isStorable(key)
  }
}

extension Statement where Row == Void {
  /// An upload: team, storage key, member, media type, bytes, original name, time.
  static let insertAsset = Statement(
    "insert asset",
    """
    INSERT INTO tally.asset (team_id, storage_key, member_id, origin, media_type, bytes, original_name, created_at)
    VALUES ($1, $2, $3, 'upload', $4, $5, $6, $7)
    ON CONFLICT (team_id, storage_key) DO NOTHING
    """)
}

extension Statement where Row == Bool {
  /// One row when a team owns a storage key, none when it does not.
  static let ownedStorageKey = Statement(
    "owned storage key", "SELECT true FROM tally.asset WHERE team_id = $1 AND storage_key = $2"
  ) { (row) throws(PostgresError) in try row.next() }
}
