package import Ledger

/// An administrator ends an open hold.
package struct ResolveRequest: Sendable {
  package var team: TeamID
  package var record: RecordID
  /// Credits to charge, at most what is held; nil: release.
  package var charge: Credits?

  /// A resolution by hand.
  package init(team: TeamID, record: RecordID, charge: Credits?) {
    self.team = team
    self.record = record
    self.charge = charge
  }
}

/// An administrator gives back some of a charge.
package struct CreditRequest: Sendable {
  package var team: TeamID
  package var record: RecordID
  package var amount: Credits
  /// What had been given back when the administrator looked: the same request again is recognised by it.
  package var creditedBefore: Credits

  /// A credit on a charged record.
  package init(team: TeamID, record: RecordID, amount: Credits, creditedBefore: Credits) {
    self.team = team
    self.record = record
    self.amount = amount
    self.creditedBefore = creditedBefore
  }
}
