import AsyncHTTPClient
import NIOCore

/// The multipart body of `POST /api/assets`: one file field `asset` (RFC 7578). The picture's bytes are not copied.
struct AssetForm {
  private let head: ByteBuffer
  private let picture: ByteBuffer
  private let tail: ByteBuffer
  /// The type to announce, with the boundary.
  let contentType: String

  init(_ asset: AssetUpload) {
    // Drawn here, since one that an uploader could foresee would let a picture pass for other parts of the form.
    let boundary = "tally-\(UInt64.random(in: .min ... .max))-\(UInt64.random(in: .min ... .max))"
    contentType = "multipart/form-data; boundary=\(boundary)"
    head = ByteBuffer(
      string: "--\(boundary)\r\n"
        + "Content-Disposition: form-data; name=\"asset\"; filename=\"\(Self.plain(asset.fileName))\"\r\n"
        + "Content-Type: \(Self.plain(asset.mediaType))\r\n\r\n")
    picture = asset.bytes
    tail = ByteBuffer(string: "\r\n--\(boundary)--\r\n")
  }

  /// The body, to be sent once.
  var body: HTTPClient.Body {
    let parts = [head, picture, tail]
    return .stream(contentLength: Int64(parts.reduce(0) { $0 + $1.readableBytes })) { writer in
      writer.write(.byteBuffer(parts[0])).flatMap {
        writer.write(.byteBuffer(parts[1]))
      }.flatMap {
        writer.write(.byteBuffer(parts[2]))
      }
    }
  }

  /// The text without what could end a quoted string or a header line.
  private static func plain(_ text: String) -> String {
    String(decoding: text.utf8.filter { $0 >= 0x20 && $0 != 0x7F && $0 != 0x22 && $0 != 0x5C }, as: UTF8.self)
  }
}
