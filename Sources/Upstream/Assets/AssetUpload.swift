package import NIOCore

/// One picture on its way to the provider's storage.
package struct AssetUpload: Sendable, Equatable {
  /// Our id of the request, sent as `X-Request-Id`.
  package var requestID: String
  /// A name of ours, `<uuid>.<ext>`: all tenants share the provider's account, and two of them must never collide.
  package var fileName: String
  /// The type that the bytes themselves show, for example `image/png`.
  package var mediaType: String
  /// The picture.
  package var bytes: ByteBuffer

  /// A picture to upload.
  package init(requestID: String, fileName: String, mediaType: String, bytes: ByteBuffer) {
    self.requestID = requestID
    self.fileName = fileName
    self.mediaType = mediaType
    self.bytes = bytes
  }
}
