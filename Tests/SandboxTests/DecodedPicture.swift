import CLibGD
import NIOCore

/// A picture file, decoded by its own first bytes: what a viewer would see.
final class DecodedPicture {
  private let image: gdImagePtr
  let format: String

  var width: Int { Int(image.pointee.sx) }
  var height: Int { Int(image.pointee.sy) }

  init?(_ bytes: ByteBuffer) {
    let length = Int32(bytes.readableBytes)
    let first = bytes.getBytes(at: bytes.readerIndex, length: min(12, bytes.readableBytes)) ?? []
    var format = ""
    let image: gdImagePtr? = bytes.withUnsafeReadableBytes { source in
      let start = UnsafeMutableRawPointer(mutating: source.baseAddress)
      if first.starts(with: [0x89, 0x50]) {
        format = "png"
        return gdImageCreateFromPngPtr(length, start)
      }
      if first.starts(with: [0xFF, 0xD8]) {
        format = "jpeg"
        return gdImageCreateFromJpegPtr(length, start)
      }
      format = "webp"
      return gdImageCreateFromWebpPtr(length, start)
    }
    guard let image else { return nil }
    self.image = image
    self.format = format
  }

  deinit { gdImageDestroy(image) }

  /// libgd's transparency, 0 (opaque) to 127.
  func transparency(x: Int, y: Int) -> Int32 { gdImageGetTrueColorPixel(image, Int32(x), Int32(y)) >> 24 & 0x7F }

  /// Red, green and blue as one number.
  func color(x: Int, y: Int) -> Int32 { gdImageGetTrueColorPixel(image, Int32(x), Int32(y)) & 0xFF_FFFF }

  /// The share of sampled pixels, of 100, at which two pictures differ.
  func difference(from other: DecodedPicture) -> Int {
    var count = 0
    for step in 0..<100 {
      let x = width * (step % 10) / 10 + width / 20
      let y = height * (step / 10) / 10 + height / 20
      if color(x: x, y: y) != other.color(x: x, y: y) { count += 1 }
    }
    return count
  }

  /// A picture of one colour, as a file.
  static func file(width: Int32, height: Int32, color: Int32, format: String = "png") -> ByteBuffer {
    guard let image = gdImageCreateTrueColor(width, height) else { return ByteBuffer() }
    defer { gdImageDestroy(image) }
    gdImageFilledRectangle(image, 0, 0, width - 1, height - 1, color)
    var length: Int32 = 0
    let bytes =
      switch format {
      case "jpeg": gdImageJpegPtr(image, &length, 90)
      case "webp": gdImageWebpPtrEx(image, &length, 90)
      default: gdImagePngPtrEx(image, &length, 1)
      }
    guard let bytes else { return ByteBuffer() }
    defer { gdFree(bytes) }
    return ByteBuffer(bytes: UnsafeRawBufferPointer(start: bytes, count: Int(length)))
  }
}
