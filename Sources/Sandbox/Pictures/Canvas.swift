import CLibGD
import NIOCore

/// A picture in memory that can be drawn on: an owner of one libgd image. All of it blocks, so it runs on the
/// renderer's own threads.
struct Canvas: ~Copyable {
  private let image: gdImagePtr

  /// The size in pixels.
  var size: PictureSize { PictureSize(width: Int(image.pointee.sx), height: Int(image.pointee.sy)) }

  private init(owning image: gdImagePtr) {
    self.image = image
  }

  deinit {
    gdImageDestroy(image)
  }

  /// An empty, opaque black picture; nil where there is no memory for it.
  init?(size: PictureSize) {
    guard size.isDecodable, let image = gdImageCreateTrueColor(Int32(size.width), Int32(size.height)) else {
      return nil
    }
    self.init(owning: image)
  }

  /// Decodes a file; nil where it is broken, or larger than ``PictureSize/maximumPixels``.
  init?(decoding bytes: ByteBuffer, format: PictureFormat) {
    guard let size = PictureSize(headerOf: bytes, format: format), size.isDecodable,
      let length = Int32(exactly: bytes.readableBytes)
    else { return nil }
    let decoded: gdImagePtr? = bytes.withUnsafeReadableBytes { source in
      // libgd takes a mutable pointer, and only reads.
      let start = UnsafeMutableRawPointer(mutating: source.baseAddress)
      return switch format {
      case .png: gdImageCreateFromPngPtr(length, start)
      case .jpeg: gdImageCreateFromJpegPtr(length, start)
      case .webp: gdImageCreateFromWebpPtr(length, start)
      }
    }
    guard let decoded else { return nil }
    guard gdImagePaletteToTrueColor(decoded) == 1 else {
      gdImageDestroy(decoded)
      return nil
    }
    self.init(owning: decoded)
  }

  /// Encodes the picture; nil where libgd has no memory.
  ///
  /// - Parameter compression: 0 to 100, higher is better; png ignores it.
  func encoded(as format: PictureFormat, compression: Int) -> ByteBuffer? {
    gdImageSaveAlpha(image, format == .png ? 1 : 0)
    var length: Int32 = 0
    let encoded: UnsafeMutableRawPointer? =
      switch format {
      // Level 1 takes a sixth of the usual level's time, and nobody keeps these pictures.
      case .png: gdImagePngPtrEx(image, &length, 1)
      case .jpeg: gdImageJpegPtr(image, &length, Int32(compression))
      case .webp: gdImageWebpPtrEx(image, &length, Int32(compression))
      }
    guard let encoded else { return nil }
    defer { gdFree(encoded) }
    return ByteBuffer(bytes: UnsafeRawBufferPointer(start: encoded, count: Int(length)))
  }

  /// The colour of one pixel.
  func pixel(x: Int, y: Int) -> Int32 {
    gdImageGetTrueColorPixel(image, Int32(x), Int32(y))
  }

  /// Puts a colour in the place of what is there, transparency included.
  func clear(to color: Color) {
    gdImageAlphaBlending(image, 0)
    gdImageFilledRectangle(image, 0, 0, image.pointee.sx - 1, image.pointee.sy - 1, color.value)
    gdImageAlphaBlending(image, 1)
  }

  /// Keeps all later drawing inside a frame.
  func clip(to frame: Frame) {
    gdImageSetClip(
      image, Int32(frame.x), Int32(frame.y), Int32(frame.x + frame.width - 1), Int32(frame.y + frame.height - 1))
  }

  /// Draws a rectangle over what is there.
  func fill(_ frame: Frame, with color: Color) {
    gdImageFilledRectangle(
      image, Int32(frame.x), Int32(frame.y), Int32(frame.x + frame.width - 1), Int32(frame.y + frame.height - 1),
      color.value)
  }

  /// Draws an ellipse, given by its middle, over what is there.
  func fillEllipse(x: Int, y: Int, width: Int, height: Int, with color: Color) {
    gdImageFilledEllipse(image, Int32(x), Int32(y), Int32(width), Int32(height), color.value)
  }

  /// Draws a part of another picture into a frame, smoothly scaled.
  func draw(_ source: borrowing Canvas, part: Frame, into frame: Frame) {
    gdImageCopyResampled(
      image, source.image, Int32(frame.x), Int32(frame.y), Int32(part.x), Int32(part.y), Int32(frame.width),
      Int32(frame.height), Int32(part.width), Int32(part.height))
  }

  /// Writes a line of ASCII text, as large as fits into a frame, on a shade.
  func write(_ text: String, into frame: Frame) {
    guard let font = gdFontGetGiant(), !text.isEmpty else { return }
    let width = Int(font.pointee.w) * (text.utf8.count + 2)
    let height = Int(font.pointee.h) + 4
    guard let line = Canvas(size: PictureSize(width: width, height: height)) else { return }
    line.clear(to: .shade)
    var bytes = Array(text.utf8) + [0]
    bytes.withUnsafeMutableBufferPointer { bytes in
      gdImageString(line.image, font, font.pointee.w, 2, bytes.baseAddress, Color.white.value)
    }
    let scaled =
      width * frame.height > frame.width * height
      ? PictureSize(width: frame.width, height: max(1, frame.width * height / width))
      : PictureSize(width: max(1, frame.height * width / height), height: frame.height)
    // Not smoothed: the letters stay sharp.
    gdImageCopyResized(
      image, line.image, Int32(frame.x), Int32(frame.y), 0, 0, Int32(scaled.width), Int32(scaled.height),
      Int32(width), Int32(height))
  }

  /// Keeps libgd from writing its complaints about broken files to the standard error. Once for the process.
  static let silence: Void = gdSetErrorMethod { _, _, _ in }
}
