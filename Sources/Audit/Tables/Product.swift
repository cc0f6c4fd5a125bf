import Ledger

/// What an edit asked for, with the cells that say so: there are many edits and few products.
final class Product: Sendable {
  let model: String
  let quality: String
  let size: String
  let priceVersion: Int64
  /// Model, quality and size, of the table of usage.
  let usageCells: TableCells
  /// What kind of row its charge is in the FOCUS table, and what for.
  let chargeCells: TableCells
  /// The same where the charge is assumed.
  let assumedChargeCells: TableCells
  /// What was bought at which price, in the FOCUS table.
  let serviceCells: TableCells

  init(model: String, quality: String, size: String, priceVersion: Int64) {
    self.model = model
    self.quality = quality
    self.size = size
    self.priceVersion = priceVersion
    usageCells = TableCells { row in
      for text in [model, quality, size] { row.add(text) }
    }
    let words = "Image edit, \(model), \(quality), \(size)"
    chargeCells = FocusTable.chargeCells(words)
    assumedChargeCells = FocusTable.chargeCells(words + ", assumed")
    serviceCells = FocusTable.serviceCells(sku: "\(model)/\(quality)/\(size)", priceVersion: priceVersion)
  }

  /// Whether it is that product at that price.
  @inline(__always)
  func isProduct(_ model: String, _ quality: String, _ size: String, priceVersion: Int64) -> Bool {
    self.priceVersion == priceVersion && self.model == model && self.quality == quality && self.size == size
  }
}

/// The products that came by lately, in bounded memory: places in pairs, which hold the two that fell to them last.
struct Products: Sendable {
  private var known: [Product?] = Array(repeating: nil, count: Products.placeCount)

  /// A power of two: several times what a price list has.
  private static let placeCount = 256

  /// The product of that name at that price.
  mutating func product(model: String, quality: String, size: String, priceVersion: Int64) -> Product {
    let words = Products.word(model) &* 31 &+ Products.word(quality)
    let mixed = (words &* 31 &+ Products.word(size)) &* 31 &+ UInt64(bitPattern: priceVersion)
    let place = Int(truncatingIfNeeded: (mixed &* 0x9E37_79B9_7F4A_7C15) >> 57) << 1
    if let product = known[place], product.isProduct(model, quality, size, priceVersion: priceVersion) {
      return product
    }
    if let product = known[place + 1], product.isProduct(model, quality, size, priceVersion: priceVersion) {
      return product
    }
    known.swapAt(place, place + 1)
    let product = Product(model: model, quality: quality, size: size, priceVersion: priceVersion)
    known[place] = product
    return product
  }

  /// Some of a text's bytes, which tell models, qualities and sizes apart, mostly.
  @inline(__always)
  private static func word(_ text: String) -> UInt64 {
    let bytes = text.utf8
    guard let first = bytes.first, let last = bytes.last else { return 0 }
    let middle = bytes[bytes.index(bytes.startIndex, offsetBy: bytes.count / 4)]
    return UInt64(bytes.count) << 24 | UInt64(first) << 16 | UInt64(middle) << 8 | UInt64(last)
  }
}

extension Products {
  /// The product of a hold.
  mutating func product(of event: borrowing EditHeld) -> Product {
    product(model: event.model, quality: event.quality, size: event.size, priceVersion: event.priceVersion)
  }

  /// The product of a refused edit.
  mutating func product(of event: borrowing EditRefused) -> Product {
    product(model: event.model, quality: event.quality, size: event.size, priceVersion: event.priceVersion)
  }
}
