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

/// `log.key_retired`: a key does not sign any more beside the one that took its place. It stands in the operator's log, since
/// a key is every log's.
package struct LogKeyRetired: Hashable, Sendable {
  /// What it signed.
  package var use: LogKeyUse
  /// Its public half.
  package var vkey: String

  /// An event with these fields.
  package init(use: LogKeyUse, vkey: String) {
    self.use = use
    self.vkey = vkey
  }
}

/// The kind of the ids of signers' state files; never made.
package enum SignerStateKind {}

/// The random id of a signer's state file: who holds another file may not sign (docs/audit.md, the signer).
package typealias SignerStateID = Identifier<SignerStateKind>

/// `signer.recovered`: what the signer knows of all that was signed was made anew, since its state file was lost. It stands
/// in the operator's log, since the signer is every log's.
package struct SignerRecovered: Hashable, Sendable {
  /// The state file that was lost; nil: none had ever signed.
  package var lost: SignerStateID?
  /// The new one.
  package var state: SignerStateID
  /// Of how many logs it knows a head.
  package var count: Int64
  /// The root of the RFC 6962 tree over these heads, as `heads.covered` has it.
  package var root: Digest32
  /// Of how many of them a head was brought that the database lacked.
  package var brought: Int64
  /// How many of the logs do not extend their heads, and so are halted as soon as somebody signs.
  package var notExtending: Int64

  /// An event with these fields.
  package init(
    lost: SignerStateID?, state: SignerStateID, count: Int64, root: Digest32, brought: Int64, notExtending: Int64
  ) {
    self.lost = lost
    self.state = state
    self.count = count
    self.root = root
    self.brought = brought
    self.notExtending = notExtending
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
