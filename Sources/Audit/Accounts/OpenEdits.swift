import Ledger

/// What tables say of the edits that are open, beside what the book has of them: what they asked for.
///
/// An edit's end names the line of its hold, and as long as the ledger takes the lines, that one and no other is the edit's.
/// So edits are found by that number, without hashing of their ids. Once a line was not taken, all that is known of them is
/// kept here and found by their ids.
struct OpenEdits: Sendable {
  private struct Place: Sendable {
    /// The index of the hold's line; negative where the place is free.
    var hold: Int64 = -1
    var record = RecordID(bits: 0)
    var product: Product?
  }

  /// A power of two of places, of which at most half are taken. An edit stands at its number's place or, where that is taken,
  /// at the next one that is free.
  private var places = Array(repeating: Place(), count: 64)
  private var count = 0
  /// Edits whose lines the ledger does not take any more.
  private var untaken: [RecordID: EditDetails] = [:]

  /// Adds an edit, held by the line at `hold`, which the ledger took.
  mutating func add(_ record: RecordID, hold: Int64, _ product: Product) {
    if 2 * count >= places.count { grow() }
    put(Place(hold: hold, record: record, product: product))
    count += 1
  }

  /// Takes an edit out that the ledger saw end; nil where it was held before the range.
  mutating func remove(_ record: RecordID, hold: Int64) -> Product? {
    var position = home(of: hold)
    while places[position].hold >= 0 {
      if places[position].hold == hold {
        guard places[position].record == record else { return nil }
        let product = places[position].product.take()
        free(position)
        return product
      }
      position = (position + 1) & (places.count - 1)
    }
    return nil
  }

  /// From now on lines may say of edits what they like. `book` is as it was before the first of them.
  mutating func distrust(_ book: TeamBook) {
    for record in book.records.values where record.state.isOpen { untaken[record.id] = EditDetails(record) }
    for place in places where place.hold >= 0 { untaken[place.record]?.product = place.product }
    places = [Place()]
    count = 0
  }

  /// Adds an edit of a line that the ledger did not take: it may be held a second time.
  mutating func addUntaken(_ record: RecordID, _ details: EditDetails) {
    untaken[record] = details
  }

  /// Takes an edit out of whose end the ledger knows nothing; nil where it is not known.
  mutating func removeUntaken(_ record: RecordID) -> EditDetails? {
    untaken.removeValue(forKey: record)
  }

  /// Numbers that follow each other are spread, so that a gap is never far.
  private func home(of hold: Int64) -> Int {
    let mixed = UInt64(truncatingIfNeeded: hold) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: mixed >> UInt64(64 - places.count.trailingZeroBitCount))
  }

  private mutating func put(_ place: consuming Place) {
    var position = home(of: place.hold)
    while places[position].hold >= 0 { position = (position + 1) & (places.count - 1) }
    places[position] = place
  }

  /// Frees a place, and moves those behind it that would not be found any more.
  private mutating func free(_ position: Int) {
    let mask = places.count - 1
    var gap = position
    var next = position
    while true {
      next = (next + 1) & mask
      guard places[next].hold >= 0 else { break }
      // Whether it may stand in the gap: its home is not behind it.
      if (next - home(of: places[next].hold)) & mask >= (next - gap) & mask {
        places[gap] = places[next]
        gap = next
      }
    }
    places[gap] = Place()
    count -= 1
  }

  private mutating func grow() {
    let old = places
    places = Array(repeating: Place(), count: 2 * old.count)
    for place in old where place.hold >= 0 { put(place) }
  }
}
