/// Asks for the credits of one edit before the upstream is called.
package struct HoldCommand: Hashable, Sendable {
  /// The edit's record. A hold that is run again finds it and reports its first outcome.
  package var record: RecordID
  /// Who submits it.
  package var member: MemberID
  /// The key it is submitted with.
  package var key: KeyID
  /// The model's name.
  package var model: String
  /// The quality.
  package var quality: String
  /// The size in pixels.
  package var size: String
  /// How many results are asked for, 1 to `resultsMaximum`.
  package var n: Int
  /// The gateway's run that asks.
  package var instance: InstanceID

  /// The most results that one edit may ask for (docs/feature-api.md).
  package static let resultsMaximum = 10

  /// A command with these fields.
  package init(
    record: RecordID, member: MemberID, key: KeyID, model: String, quality: String, size: String, n: Int,
    instance: InstanceID
  ) {
    self.record = record
    self.member = member
    self.key = key
    self.model = model
    self.quality = quality
    self.size = size
    self.n = n
    self.instance = instance
  }
}

/// Charges an edit that the upstream did, or that is taken as done.
///
/// The charge is the held unit price times the results delivered, or what the upstream says it took, and never more
/// than was held; what is above is the operator's variance. By assumption the whole hold is charged. An administrator
/// names the charge.
///
/// For an edit that was resolved without proof, and for one that was released, results are late evidence
/// (docs/ledger.md): the resolution stays, a difference is credited back. An assumption or an administrator's charge
/// never is.
package struct SettleCommand: Hashable, Sendable {
  /// The edit's record.
  package var record: RecordID
  /// How many results came back.
  package var deliveredResults: Int
  /// What the upstream says it took (`metadata.credit`); nil when it said nothing.
  package var upstreamCredit: Credits?
  /// Whether it is charged by the team's policy without anybody knowing.
  package var assumed: Bool
  /// What an administrator decided to charge, at most what was held; nil unless one did.
  package var administratorCharge: Credits?

  /// A command with these fields.
  package init(
    record: RecordID, deliveredResults: Int, upstreamCredit: Credits? = nil, assumed: Bool = false,
    administratorCharge: Credits? = nil
  ) {
    self.record = record
    self.deliveredResults = deliveredResults
    self.upstreamCredit = upstreamCredit
    self.assumed = assumed
    self.administratorCharge = administratorCharge
  }
}

/// Gives the credits of an edit back, because the upstream refused it or provably never got it.
///
/// For an edit that was charged without proof this is late evidence (docs/ledger.md): the whole charge is credited back.
/// An administrator's decision never is.
package struct ReleaseCommand: Hashable, Sendable {
  /// The edit's record.
  package var record: RecordID
  /// Why.
  package var cause: ReleaseCause

  /// A command with these fields.
  package init(record: RecordID, cause: ReleaseCause) {
    self.record = record
    self.cause = cause
  }
}

/// Notes that nobody can tell whether the upstream did an edit. Its credits stay held.
package struct MarkInDoubtCommand: Hashable, Sendable {
  /// The edit's record.
  package var record: RecordID
  /// Why.
  package var cause: InDoubtCause

  /// A command with these fields.
  package init(record: RecordID, cause: InDoubtCause) {
    self.record = record
    self.cause = cause
  }
}

/// Gives back some of what a settled edit was charged, on the same budget rows.
package struct CreditCommand: Hashable, Sendable {
  /// The edit's record.
  package var record: RecordID
  /// How much, above zero, at most what is left of the charge.
  package var amount: Credits
  /// What was credited before, as far as the caller knows; nil when the caller does not care.
  ///
  /// A credit has no id of its own, so this is how one that is run again is recognised: when exactly `amount` more has
  /// been credited meanwhile, that is reported instead of done twice.
  package var creditedBefore: Credits?

  /// A command with these fields.
  package init(record: RecordID, amount: Credits, creditedBefore: Credits? = nil) {
    self.record = record
    self.amount = amount
    self.creditedBefore = creditedBefore
  }
}
