/// A picture in the provider's storage, with what the provider says of it. Apart from ``key`` everything may be missing.
package struct StoredAsset: Sendable, Equatable {
  /// The storage key, never empty: what an edit names as its `imageUrl`.
  package var key: String
  /// The picture's address in the storage.
  package var location: String?
  /// Length in bytes.
  package var size: Int64?
  /// The media type, as the provider took it.
  package var mimetype: String?
  /// The storage's bucket.
  package var bucket: String?
  /// The storage's tag of the content, with its quotes.
  package var etag: String?
  /// `fileContent.uuid`.
  package var fileUUID: String?
  /// `fileContent.path`.
  package var filePath: String?
  /// `fileContent.type`, for example `png`.
  package var fileType: String?
  /// `fileContent.name`.
  package var fileName: String?
  /// `fileContent.createdAt`, as it was received.
  package var createdAt: String?
  /// The whole `asset` object as JSON text as it was received.
  package var assetJSON: String
  /// The whole `fileContent` as JSON text as it was received; `null` where it is missing.
  package var fileContentJSON: String

  /// A stored picture of which nothing is known but its key.
  package init(key: String, assetJSON: String = "{}", fileContentJSON: String = "null") {
    self.key = key
    self.assetJSON = assetJSON
    self.fileContentJSON = fileContentJSON
  }
}
