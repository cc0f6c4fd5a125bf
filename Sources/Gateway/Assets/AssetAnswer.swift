import NIOCore
package import Upstream

/// The answer to an upload, in the wire format of the provider (docs/feature-api.md). Clients read `asset.key`,
/// `asset.location`, `fileContent.path` or `fileContent.uuid`, so all four are always there.
package struct AssetAnswer: Sendable {
  /// What the provider stored.
  package var stored: StoredAsset
  /// What was uploaded.
  package var upload: Upload
  /// The team, whose id takes the place of the provider's.
  package var teamID: String
  /// The member, likewise.
  package var userID: String
  /// Stands for the provider's file id where it told none.
  package var fallbackUUID: String
  /// Stands for the provider's time where it told none, as text.
  package var fallbackTime: String

  /// An answer with these parts.
  package init(
    stored: StoredAsset, upload: Upload, teamID: String, userID: String, fallbackUUID: String, fallbackTime: String
  ) {
    self.stored = stored
    self.upload = upload
    self.teamID = teamID
    self.userID = userID
    self.fallbackUUID = fallbackUUID
    self.fallbackTime = fallbackTime
  }

  /// The body, JSON.
  package var body: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.object("asset", writeAsset)
      writer.object("fileContent", writeFileContent)
    }
    return writer.bytes
  }

  private func writeAsset(_ writer: inout JSONWriter) {
    writeNames(&writer)
    writer.field("size", stored.size ?? Int64(upload.bytes.readableBytes))
    writer.field("bucket", stored.bucket ?? StorageHosts.bucket)
    writer.field("key", stored.key)
    writer.field("acl", "private")
    writer.field("contentType", "application/octet-stream")
    writer.nullField("contentDisposition")
    writer.nullField("contentEncoding")
    writer.field("storageClass", "STANDARD")
    writer.nullField("serverSideEncryption")
    writer.object("metadata") { writer in
      writer.field("team-id", teamID)
      writer.field("user-id", userID)
      writeNames(&writer)
    }
    writer.field("location", stored.location ?? "https://\(StorageHosts.bucket)/\(stored.key)")
    writer.field("etag", stored.etag)
  }

  private func writeNames(_ writer: inout JSONWriter) {
    writer.field("fieldname", UploadCollector.field)
    writer.field("originalname", upload.originalName)
    writer.field("encoding", "7bit")
    writer.field("mimetype", upload.kind.mediaType)
  }

  private func writeFileContent(_ writer: inout JSONWriter) {
    writer.field("uuid", stored.fileUUID ?? fallbackUUID)
    writer.field("path", stored.key)
    writer.field("type", stored.fileType ?? upload.kind.rawValue)
    writer.field("name", stored.fileName ?? lastSegment(stored.key))
    writer.field("content", "")
    writer.field("status", "ACTIVE")
    writer.object("metadata") { writer in
      writer.field("token", 0)
      writer.field("character", 0)
    }
    writer.field("createdAt", stored.createdAt ?? fallbackTime)
  }

  private func lastSegment(_ key: String) -> String {
    String(decoding: Array(key.utf8.reversed().prefix { $0 != UInt8(ascii: "/") }.reversed()), as: UTF8.self)
  }
}
