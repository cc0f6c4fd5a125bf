/// The kinds of pictures that are taken, told by their first bytes: clients send wrong types and names without an
/// ending.
package enum PictureKind: String, Sendable, CaseIterable {
  /// Portable Network Graphics.
  case png
  /// JPEG.
  case jpeg
  /// WebP.
  case webp

  /// Bytes that must be there to tell: a WebP names itself in the 12th.
  package static let signatureBytes = 12

  private static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  private static let jpegSignature: [UInt8] = [0xFF, 0xD8, 0xFF]

  /// The kind of a picture that begins with these bytes; nil for anything else.
  package init?(_ start: some Collection<UInt8>) {
    if start.starts(with: PictureKind.pngSignature) {
      self = .png
    } else if start.starts(with: PictureKind.jpegSignature) {
      self = .jpeg
    } else if start.starts(with: "RIFF".utf8), start.dropFirst(8).starts(with: "WEBP".utf8) {
      self = .webp
    } else {
      return nil
    }
  }

  /// The media type.
  package var mediaType: String {
    "image/\(rawValue)"
  }
}
