#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Budget rows that lines tell of again and again: what stands between `heldBefore` and `usedAfter` in a movement is the
/// same until the row's limit changes.
extension LineTexts {
  /// What that text says.
  struct Row {
    var limit: Credits?
    var id: BudgetID
  }

  /// A few places for such rows, each with the last one that fell to it.
  struct Rows {
    fileprivate let places: UnsafeMutablePointer<Place>
    fileprivate let texts: UnsafeMutablePointer<UInt8>

    fileprivate struct Place {
      var byteCount = 0
      var row = Row(limit: nil, id: BudgetID(scope: .team, subject: 0, period: .month, start: .epoch))
    }

    /// A power of two: more than there are members at work at once, mostly.
    fileprivate static let placeCount = 1_024

    /// The longest such text has 145 bytes.
    fileprivate static let maximumBytes = 160

    init() {
      places = .allocate(capacity: Rows.placeCount)
      places.initialize(repeating: Place(), count: Rows.placeCount)
      texts = .allocate(capacity: Rows.placeCount * Rows.maximumBytes)
    }

    func deallocate() {
      places.deallocate()
      texts.deallocate()
    }
  }
}

extension LineTexts.Rows {
  /// The row whose text begins at `text`, of which `rest` bytes are there, and the length of its text; nil where it is not
  /// known.
  @inline(__always)
  func row(_ text: UnsafePointer<UInt8>, _ rest: Int) -> (row: LineTexts.Row, byteCount: Int)? {
    guard let number = LineTexts.Rows.number(text, rest) else { return nil }
    let place = places + number
    let byteCount = place.pointee.byteCount
    guard byteCount > 0, byteCount <= rest, memcmp(texts + number * LineTexts.Rows.maximumBytes, text, byteCount) == 0
    else { return nil }
    return (place.pointee.row, byteCount)
  }

  /// Takes in that a row's text has these bytes.
  func note(_ row: LineTexts.Row, _ text: UnsafeBufferPointer<UInt8>, rest: Int) {
    guard let first = text.baseAddress, text.count <= LineTexts.Rows.maximumBytes,
      let number = LineTexts.Rows.number(first, rest)
    else { return }
    (texts + number * LineTexts.Rows.maximumBytes).update(from: first, count: text.count)
    places[number] = Place(byteCount: text.count, row: row)
  }

  /// The place of a row's text, by the last digits of the subject's id. Where the text is none, any place will do: it is
  /// compared as a whole.
  @inline(__always)
  private static func number(_ text: UnsafePointer<UInt8>, _ rest: Int) -> Int? {
    let limit: StaticString = ",\"limit\":"
    let beforeScope: StaticString = ",\"period\":\"month\",\"scope\":\""
    let behindScope: StaticString = "\",\"start\":\"2026-10-01T00:00:00.000000Z\",\"subject\":\""
    guard rest >= maximumBytes else { return nil }
    var place = text + limit.utf8CodeUnitCount
    while place.pointee != UInt8(ascii: ","), place - text < 32 { place += 1 }
    place += beforeScope.utf8CodeUnitCount
    switch place.pointee {
    case UInt8(ascii: "t"): place += 4
    case UInt8(ascii: "m"): place += 6
    default: place += 3
    }
    // Behind a subject there are always the two amounts of what is used.
    place += behindScope.utf8CodeUnitCount + UUIDText.byteCount - 4
    let digits = UnsafeRawPointer(place).loadUnaligned(as: UInt32.self)
    return Int((digits &* 0x9E37_79B1) >> 22) & (placeCount - 1)
  }
}

extension LineReader {
  /// The row that a movement is on, where it comes next and was read before.
  @inline(__always)
  mutating func knownRow() -> LineTexts.Row? {
    guard let (row, byteCount) = texts?.rows.row(next, rest) else { return nil }
    next += byteCount
    return row
  }

  /// Takes in that the text from `start` up to here is that of `row`.
  func noteRow(_ row: LineTexts.Row, from start: UnsafePointer<UInt8>) {
    texts?.rows.note(row, UnsafeBufferPointer(start: start, count: next - start), rest: end - start)
  }
}
