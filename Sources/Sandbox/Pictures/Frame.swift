/// A rectangle in pixels.
struct Frame: Sendable, Equatable {
  var x: Int
  var y: Int
  var width: Int
  var height: Int

  /// All of a picture.
  init(_ size: PictureSize) {
    self.init(x: 0, y: 0, width: size.width, height: size.height)
  }

  init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The frame without an eighth on every side.
  var inner: Frame {
    Frame(x: x + width / 8, y: y + height / 8, width: width - width / 4, height: height - height / 4)
  }

  /// The largest frame of this shape in the middle of a picture.
  func cropped(from size: PictureSize) -> Frame {
    let isWider = size.width * height > width * size.height
    let cropWidth = isWider ? max(1, size.height * width / height) : size.width
    let cropHeight = isWider ? size.height : max(1, size.width * height / width)
    return Frame(
      x: (size.width - cropWidth) / 2, y: (size.height - cropHeight) / 2, width: cropWidth, height: cropHeight)
  }
}
