/// `price.changed`: the price of one option changed, from a moment on. It stands in the operator's log, since a price is
/// every team's.
package struct PriceChanged: Hashable, Sendable {
  /// The version of the price book that the change makes.
  package var priceVersion: Int64
  /// The model.
  package var model: String
  /// The quality.
  package var quality: String
  /// The size.
  package var size: String
  /// From when on the new price holds.
  package var from: Timestamp
  /// Credits for one image that held at that moment before; nil: the option was not priced then.
  package var old: Credits?
  /// Credits for one image; nil: the option is not priced any more.
  package var new: Credits?

  /// An event with these fields.
  package init(
    priceVersion: Int64, model: String, quality: String, size: String, from: Timestamp, old: Credits?, new: Credits?
  ) {
    self.priceVersion = priceVersion
    self.model = model
    self.quality = quality
    self.size = size
    self.from = from
    self.old = old
    self.new = new
  }
}

/// `heads.covered`: one root over the newest signed heads of all teams' logs, so that whoever holds a head of the operator's
/// log holds something of every team's (docs/audit.md, the operator's log).
package struct HeadsCovered: Hashable, Sendable {
  /// How many heads it covers, one a log.
  package var count: Int64
  /// The root of the RFC 6962 tree over them.
  package var root: Digest32

  /// An event with these fields.
  package init(count: Int64, root: Digest32) {
    self.count = count
    self.root = root
  }
}
