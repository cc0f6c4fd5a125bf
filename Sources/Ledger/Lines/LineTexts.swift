#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Texts that come again in line after line of one log, with what they were read as: the log's name, models, the bounds of
/// periods. For whoever reads many lines, one after the other: a text that was read before is compared instead of read.
///
/// A few places, each with the last text that fell to it, so its memory is the same however the lines are.
package final class LineTexts {
  /// The places themselves, as the reader of one line has them.
  struct Known {
    fileprivate let strings: UnsafeMutablePointer<StringPlace>
    fileprivate let moments: UnsafeMutablePointer<MomentPlace>
    let rows: LineTexts.Rows
  }

  /// A token and its string.
  fileprivate struct StringPlace {
    var string = ""
    var byteCount = 0
    let bytes: UnsafeMutablePointer<UInt8>
  }

  /// The text of a moment in words, the last of which begins within the one before it.
  fileprivate struct MomentPlace {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var moment = Timestamp.epoch
  }

  /// Places of each kind, a power of two: more than there are such texts in one line.
  fileprivate static let placeCount = 32

  let known: Known

  /// Nothing yet but the log's name: what is read as this name shares its memory, so that the two are compared at once.
  package convenience init(log: String) {
    self.init()
    let bytes = Array(log.utf8)
    if !bytes.isEmpty { bytes.withUnsafeBufferPointer { known.note(log, $0) } }
  }

  /// Nothing yet.
  package init() {
    let strings = UnsafeMutablePointer<StringPlace>.allocate(capacity: LineTexts.placeCount)
    for place in 0..<LineTexts.placeCount {
      (strings + place).initialize(
        to: StringPlace(bytes: UnsafeMutablePointer<UInt8>.allocate(capacity: Token.byteCountMaximum)))
    }
    let moments = UnsafeMutablePointer<MomentPlace>.allocate(capacity: LineTexts.placeCount)
    moments.initialize(repeating: MomentPlace(), count: LineTexts.placeCount)
    known = Known(strings: strings, moments: moments, rows: Rows())
  }

  deinit {
    for place in 0..<LineTexts.placeCount { known.strings[place].bytes.deallocate() }
    known.strings.deinitialize(count: LineTexts.placeCount)
    known.strings.deallocate()
    known.moments.deallocate()
    known.rows.deallocate()
  }
}

extension LineTexts.Known {
  /// The string of the token that begins at `text` and ends with the next quote; nil where it is not known.
  func string(_ text: UnsafePointer<UInt8>, _ rest: Int) -> String? {
    guard let quote = memchr(text, Int32(UInt8(ascii: "\"")), rest) else { return nil }
    let count = UnsafeRawPointer(quote) - UnsafeRawPointer(text)
    guard count > 0 else { return nil }
    let place = place(of: UnsafeBufferPointer(start: text, count: count))
    guard place.pointee.byteCount == count, memcmp(place.pointee.bytes, text, count) == 0 else { return nil }
    return place.pointee.string
  }

  /// Takes in that `string` is the token of these bytes: 1 to `Token.byteCountMaximum` of them, all ASCII.
  func note(_ string: String, _ text: UnsafeBufferPointer<UInt8>) {
    guard let first = text.baseAddress, text.count <= Token.byteCountMaximum else { return }
    let place = place(of: text)
    place.pointee.bytes.update(from: first, count: text.count)
    place.pointee.byteCount = text.count
    place.pointee.string = string
  }

  @inline(__always)
  private func place(of token: UnsafeBufferPointer<UInt8>) -> UnsafeMutablePointer<LineTexts.StringPlace> {
    // Of two sizes it may be the middle alone that differs.
    let mixed = token.count &+ Int(token[0]) &* 5 &+ Int(token[token.count / 4]) &* 11 &+ Int(token[token.count - 1])
    return strings + (mixed & (LineTexts.placeCount - 1))
  }

  /// The moment whose text begins at `text`, of which `rest` bytes are there; nil where it is not known.
  @inline(__always)
  func timestamp(_ text: UnsafePointer<UInt8>, _ rest: Int) -> Timestamp? {
    guard rest >= Timestamp.canonicalByteCount else { return nil }
    let words = LineTexts.Known.words(text)
    guard LineTexts.Known.isWhole(words) else { return nil }
    let place = place(of: words)
    return place.pointee.words == words ? place.pointee.moment : nil
  }

  /// Takes in that this moment's text begins at `text`.
  func note(_ moment: Timestamp, _ text: UnsafePointer<UInt8>) {
    let words = LineTexts.Known.words(text)
    guard LineTexts.Known.isWhole(words) else { return }
    place(of: words).pointee = LineTexts.MomentPlace(words: words, moment: moment)
  }

  /// The 27 bytes as four words, of which the last one begins five bytes before the third one ends.
  @inline(__always)
  private static func words(_ text: UnsafePointer<UInt8>) -> (UInt64, UInt64, UInt64, UInt64) {
    let text = UnsafeRawPointer(text)
    return (
      text.loadUnaligned(fromByteOffset: 0, as: UInt64.self), text.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
      text.loadUnaligned(fromByteOffset: 16, as: UInt64.self), text.loadUnaligned(fromByteOffset: 19, as: UInt64.self)
    )
  }

  /// Whether it is a whole second: bounds of periods are, and the times of lines hardly ever.
  @inline(__always)
  private static func isWhole(_ words: (UInt64, UInt64, UInt64, UInt64)) -> Bool {
    words.3 == wholeSecond
  }

  /// The bytes `.000000Z` as they lie in memory.
  private static let wholeSecond: UInt64 = {
    var bytes: UInt64 = 0
    for byte in ".000000Z".utf8 { bytes = bytes >> 8 | UInt64(byte) << 56 }
    return UInt64(littleEndian: bytes)
  }()

  @inline(__always)
  private func place(of words: (UInt64, UInt64, UInt64, UInt64)) -> UnsafeMutablePointer<LineTexts.MomentPlace> {
    // Year, month, day and hour tell bounds apart.
    let mixed = (words.0 ^ words.1 &* 0x9E37_79B9_7F4A_7C15) &* 0x9E37_79B9_7F4A_7C15
    return moments + Int(mixed >> 59)
  }
}
