import HTTPTypes
package import Multipart
package import NIOCore

/// Gathers the picture of an upload from the events of its multipart body: a pure machine with bounds.
///
/// Real clients send text fields besides, parts without a type, and names without an ending (docs/feature-api.md), so
/// nothing but the field's name and the bytes themselves counts.
package struct UploadCollector: Sendable {
  /// The file field.
  package static let field = "asset"
  /// Text fields together, in bytes; their values are not looked at.
  package static let maximumTextBytes = 64 * 1_024
  /// What is kept of a file name, in bytes: what file systems allow.
  package static let maximumNameBytes = 255

  private enum Part {
    case asset
    case other
  }

  private let limit: Int
  private var part = Part.other
  private var fileName: String?
  private var picture: ByteBuffer?
  private var textBytes = 0

  /// A collector of a picture of at most `limit` bytes. `expected` bytes are made room for at once, so that a picture
  /// is not copied again and again while it grows.
  package init(limit: Int = HTTPLimits.assetBytes, expected: Int = 0) {
    self.limit = limit
    self.expected = min(max(0, expected), limit)
  }

  private let expected: Int

  /// Takes what the parser found. Throws 413 for a picture over the limit, and 400.
  package mutating func take(_ events: [MultipartEvent]) throws(GatewayError) {
    for event in events {
      switch event {
      case .partBegan(let headers): try begin(headers)
      case .bytes(let bytes): try add(bytes)
      case .partEnded, .finished: break
      }
    }
  }

  private mutating func begin(_ headers: MultipartPart) throws(GatewayError) {
    guard headers.name.hasSameBytes(as: UploadCollector.field) else {
      part = .other
      return
    }
    guard picture == nil else {
      throw .invalid([FieldFault(UploadCollector.field, "must be there only once")])
    }
    part = .asset
    var room = ByteBuffer()
    room.reserveCapacity(expected)
    picture = room
    fileName = headers.fileName
  }

  private mutating func add(_ bytes: ByteBuffer) throws(GatewayError) {
    switch part {
    case .asset:
      guard (picture?.readableBytes ?? 0) + bytes.readableBytes <= limit else { throw .tooLarge(limit: limit) }
      picture?.writeImmutableBuffer(bytes)
    case .other:
      textBytes += bytes.readableBytes
      guard textBytes <= UploadCollector.maximumTextBytes else {
        throw .tooLarge(limit: UploadCollector.maximumTextBytes)
      }
    }
  }

  /// The picture, once the body is complete. Throws 400 where it is missing or empty, 415 where it is no picture.
  package func finish() throws(GatewayError) -> Upload {
    guard let picture else {
      throw GatewayError(
        .badRequest, .missingRequiredFields, "Missing required fields: asset. Please provide all required parameters.",
        details: .faults([FieldFault(missing: UploadCollector.field)]))
    }
    guard picture.readableBytes > 0 else {
      throw .invalid([FieldFault(UploadCollector.field, "must not be empty")])
    }
    guard let kind = PictureKind(picture.readableBytesView.prefix(PictureKind.signatureBytes)) else {
      throw .unsupportedMediaType("The asset must be a PNG, JPEG or WebP picture.")
    }
    return Upload(kind: kind, bytes: picture, originalName: UploadCollector.shownName(fileName))
  }

  /// The client's file name without control characters, short enough to be kept.
  static func shownName(_ name: String?) -> String {
    var kept: [UInt8] = []
    for scalar in (name ?? "").unicodeScalars where scalar.value >= 0x20 && scalar.value != 0x7F {
      let bytes = Array(String(Character(scalar)).utf8)
      guard kept.count + bytes.count <= maximumNameBytes else { break }
      kept += bytes
    }
    return kept.isEmpty ? field : String(decoding: kept, as: UTF8.self)
  }
}

/// A picture as it was uploaded.
package struct Upload: Sendable, Equatable {
  /// What its bytes are.
  package var kind: PictureKind
  /// The bytes.
  package var bytes: ByteBuffer
  /// The client's name for it; stands in the answer only.
  package var originalName: String
}
