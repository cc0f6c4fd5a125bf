import Ledger

/// What an edit asked for, with the cells that say so: there are many edits and few products.
final class Product: Sendable {
  let model: String
  let quality: String
  let size: String
  let priceVersion: Int64
  /// Model, quality and size, of the table of usage.
  let usageCells: TableCells
  /// What it is called in the FOCUS table.
  let description: TableCells
  /// The same where the charge is assumed.
  let assumedDescription: TableCells
  /// What was bought at which price, in the FOCUS table.
  let skuCells: TableCells

  init(model: String, quality: String, size: String, priceVersion: Int64) {
    self.model = model
    self.quality = quality
    self.size = size
    self.priceVersion = priceVersion
    usageCells = TableCells { row in
      for text in [model, quality, size] { row.add(text) }
    }
    let words = "Image edit, \(model), \(quality), \(size)"
    description = TableCells { $0.add(words) }
    assumedDescription = TableCells { $0.add(words + ", assumed") }
    skuCells = FocusTable.skuCells("\(model)/\(quality)/\(size)", priceVersion: priceVersion)
  }

  /// Whether it is what `event` holds credits for.
  func isProduct(of event: EditHeld) -> Bool {
    priceVersion == event.priceVersion && model == event.model && quality == event.quality && size == event.size
  }
}

/// The products that came by lately, in bounded memory.
struct Products: Sendable {
  private var known: [Product] = []
  private var nextToForget = 0

  private static let maximum = 64

  /// The product of a hold.
  mutating func product(of event: EditHeld) -> Product {
    if let product = known.first(where: { $0.isProduct(of: event) }) { return product }
    let product = Product(
      model: event.model, quality: event.quality, size: event.size, priceVersion: event.priceVersion)
    if known.count < Products.maximum {
      known.append(product)
    } else {
      known[nextToForget] = product
      nextToForget = (nextToForget + 1) % Products.maximum
    }
    return product
  }
}
