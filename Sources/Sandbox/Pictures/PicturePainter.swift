/// Draws a picture after its recipe. Blocking, and without state of its own.
struct PicturePainter {
  /// How many edits of edits are followed back before a made-up picture stands in for the source.
  static let maximumDepth = 4
  /// The size of a made-up picture.
  static let madeUpSize = PictureSize(width: 512, height: 512)

  let storage: Storage

  /// The picture; nil where there is no memory for it.
  func picture(_ recipe: PictureRecipe, depth: Int = 0) -> Canvas? {
    guard let canvas = Canvas(size: recipe.size), let source = source(of: recipe, depth: depth) else { return nil }
    let whole = Frame(recipe.size)
    var frame = whole
    switch recipe.background {
    case .auto, .preserve: break
    case .transparent:
      canvas.clear(to: .clear)
      frame = whole.inner
    case .white:
      canvas.clear(to: .white)
      frame = whole.inner
    case .black:
      canvas.clear(to: .black)
      frame = whole.inner
    }
    canvas.clip(to: frame)
    canvas.draw(source, part: frame.cropped(from: source.size), into: frame)
    drawPattern(of: recipe, on: canvas, in: frame)
    writeLabels(of: recipe, on: canvas, in: frame)
    return canvas
  }

  private func source(of recipe: PictureRecipe, depth: Int) -> Canvas? {
    switch storage.item(recipe.source) {
    case .asset(let asset):
      if let canvas = Canvas(decoding: asset.bytes, format: asset.format) { return canvas }
    case .result(let recipe) where depth < Self.maximumDepth:
      return picture(recipe, depth: depth + 1)
    case .result, nil: break
    }
    return madeUp(from: recipe.source)
  }

  private func madeUp(from address: String) -> Canvas? {
    guard let canvas = Canvas(size: Self.madeUpSize) else { return nil }
    var generator = SplitMix64(seed: PictureRecipe.hash(address))
    canvas.clear(to: .drawn(from: &generator, transparency: 0))
    drawShapes(8, from: &generator, on: canvas, in: Frame(Self.madeUpSize), transparency: 30)
    return canvas
  }

  private func drawPattern(of recipe: PictureRecipe, on canvas: borrowing Canvas, in frame: Frame) {
    var generator = SplitMix64(seed: recipe.promptHash &+ UInt64(recipe.index))
    canvas.fill(frame, with: .drawn(from: &generator, transparency: 95))
    drawShapes(6, from: &generator, on: canvas, in: frame, transparency: 80)
  }

  private func drawShapes(
    _ count: Int, from generator: inout SplitMix64, on canvas: borrowing Canvas, in frame: Frame, transparency: UInt8
  ) {
    for _ in 0..<count {
      let color = Color.drawn(from: &generator, transparency: transparency)
      let x = frame.x + Int(generator.next() % UInt64(frame.width))
      let y = frame.y + Int(generator.next() % UInt64(frame.height))
      let width = frame.width / 8 + Int(generator.next() % UInt64(frame.width / 3))
      let height = frame.height / 8 + Int(generator.next() % UInt64(frame.height / 3))
      if generator.next() & 1 == 0 {
        canvas.fillEllipse(x: x, y: y, width: width, height: height, with: color)
      } else {
        canvas.fill(Frame(x: x, y: y, width: width, height: height), with: color)
      }
    }
  }

  private func writeLabels(of recipe: PictureRecipe, on canvas: borrowing Canvas, in frame: Frame) {
    let margin = frame.width / 40
    let width = frame.width - 2 * margin
    canvas.write(
      "SANDBOX \(recipe.index)/\(recipe.count)",
      into: Frame(x: frame.x + margin, y: frame.y + margin, width: width, height: frame.height / 12))
    canvas.write(
      recipe.promptLabel,
      into: Frame(
        x: frame.x + margin, y: frame.y + frame.height - frame.height / 20 - margin, width: width,
        height: frame.height / 20))
  }
}
