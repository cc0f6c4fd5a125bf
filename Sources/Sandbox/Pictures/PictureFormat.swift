import NIOCore

/// The picture formats of the Feature API.
enum PictureFormat: String, Sendable, CaseIterable {
  case png
  case jpeg
  case webp

  /// The media type.
  var mediaType: String { "image/\(rawValue)" }

  /// The format that a file's first bytes show; nil for anything else. Names and announced types are not looked at.
  init?(firstBytes bytes: ByteBuffer) {
    let start = Array(bytes.readableBytesView.prefix(12))
    if start.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if start.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if start.count == 12, start[0..<4].elementsEqual("RIFF".utf8), start[8..<12].elementsEqual("WEBP".utf8) {
      self = .webp
    } else {
      return nil
    }
  }
}
