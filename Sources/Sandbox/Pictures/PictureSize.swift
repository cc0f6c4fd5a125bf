import NIOCore

/// Width and height in pixels.
struct PictureSize: Sendable, Equatable {
  var width: Int
  var height: Int

  /// The most pixels that are decoded. A picture needs 4 bytes a pixel in memory, and a small file can claim any size.
  static let maximumPixels = 40_000_000

  /// Whether a picture of this size may be decoded.
  var isDecodable: Bool {
    width > 0 && height > 0 && !width.multipliedReportingOverflow(by: height).overflow
      && width * height <= Self.maximumPixels
  }

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// The size that a file's header states, read without decoding it; nil where it states none.
  init?(headerOf bytes: ByteBuffer, format: PictureFormat) {
    let size =
      switch format {
      case .png: Self.ofPNG(bytes)
      case .jpeg: Self.ofJPEG(bytes)
      case .webp: Self.ofWebP(bytes)
      }
    guard let size else { return nil }
    self = size
  }

  private static func ofPNG(_ bytes: ByteBuffer) -> PictureSize? {
    guard let width = bytes.getInteger(at: bytes.readerIndex + 16, as: UInt32.self),
      let height = bytes.getInteger(at: bytes.readerIndex + 20, as: UInt32.self)
    else { return nil }
    return PictureSize(width: Int(width), height: Int(height))
  }

  /// Walks over JPEG's segments to the frame header (ITU-T T.81, B.2.2).
  private static func ofJPEG(_ bytes: ByteBuffer) -> PictureSize? {
    var bytes = bytes
    bytes.moveReaderIndex(forwardBy: min(2, bytes.readableBytes))
    while let lead = bytes.readInteger(as: UInt8.self) {
      guard lead == 0xFF else { return nil }
      var marker = bytes.readInteger(as: UInt8.self)
      while marker == 0xFF { marker = bytes.readInteger(as: UInt8.self) }
      guard let marker else { return nil }
      if marker == 0x01 || (0xD0...0xD7).contains(marker) { continue }
      guard let length = bytes.readInteger(as: UInt16.self), length >= 2 else { return nil }
      let isFrame = (0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker)
      if isFrame {
        guard let height = bytes.getInteger(at: bytes.readerIndex + 1, as: UInt16.self),
          let width = bytes.getInteger(at: bytes.readerIndex + 3, as: UInt16.self)
        else { return nil }
        return PictureSize(width: Int(width), height: Int(height))
      }
      guard bytes.readableBytes >= Int(length) - 2 else { return nil }
      bytes.moveReaderIndex(forwardBy: Int(length) - 2)
    }
    return nil
  }

  /// The three kinds of WebP (RFC 9649 section 2).
  private static func ofWebP(_ bytes: ByteBuffer) -> PictureSize? {
    let start = bytes.readerIndex
    func little(_ offset: Int, _ count: Int) -> Int? {
      guard let part = bytes.getBytes(at: start + offset, length: count) else { return nil }
      return part.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    switch bytes.getString(at: start + 12, length: 4) {
    case "VP8 ":
      guard let width = little(26, 2), let height = little(28, 2) else { return nil }
      return PictureSize(width: width & 0x3FFF, height: height & 0x3FFF)
    case "VP8L":
      guard let bits = little(21, 4) else { return nil }
      return PictureSize(width: (bits & 0x3FFF) + 1, height: (bits >> 14 & 0x3FFF) + 1)
    case "VP8X":
      guard let width = little(24, 3), let height = little(27, 3) else { return nil }
      return PictureSize(width: width + 1, height: height + 1)
    default: return nil
    }
  }
}
