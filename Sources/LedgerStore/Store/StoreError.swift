package import Ledger
package import Postgres

/// Why the store could not do what was asked. Nothing of it names SQL, a path or a secret.
package struct StoreError: Error, Sendable, CustomStringConvertible {
  /// What happened.
  package enum Reason: Sendable, Hashable {
    /// No database, or no answer in time. `mayBeHeld`: a hold may have been committed and is being released.
    case unavailable(mayBeHeld: Bool)
    /// Too many commands wait in the lane, or of the team.
    case overloaded
    /// The ledger does not allow it: suspended, revoked, halted.
    case notAllowed(Denial)
    /// A team's administrator may not do that over HTTP.
    case forbidden(AdministrationDenial)
    /// No price for model, quality and size: refused, never free.
    case unpriced(model: String, quality: String, size: String)
    /// What was named does not exist (or belongs to another team, which is the same answer).
    case notFound(String)
    /// What should be made is there already.
    case conflict(String)
    /// A field is out of its range; the message says what it takes.
    case invalid(field: String, message: String)
    /// The Idempotency-Key came with another body before.
    case idempotencyKeyReused
    /// A settlement whose hold is not in the database.
    case unknownHold(RecordID)
    /// The database has no tables, or older or newer ones than this program. The text names `tally migrate`.
    case schema(String)
    /// PostgreSQL refused a statement for a reason that is a fault of ours.
    case database
  }

  /// What happened.
  package var reason: Reason
  /// SQLSTATE of the error underneath, for logs and operators.
  package var sqlState: String?
  /// The error of the client underneath, for logs; its description is redacted already.
  package var underlying: PostgresError?

  /// An error with its reason.
  package init(_ reason: Reason, underlying: PostgresError? = nil) {
    self.reason = reason
    self.sqlState = underlying?.sqlState
    self.underlying = underlying
  }

  package var description: String {
    switch reason {
    case .unavailable(let mayBeHeld):
      mayBeHeld
        ? "the database did not answer in time; a hold may have been taken and is being released"
        : "the database is not reachable"
    case .overloaded: "too many commands wait for this team's lane"
    case .notAllowed(let denial): denial.sentence
    case .forbidden(let denial): denial.sentence
    case .unpriced(let model, let quality, let size): "no price for model \(model), quality \(quality), size \(size)"
    case .notFound(let what): "\(what) does not exist"
    case .conflict(let what): what
    case .invalid(let field, let message): "\(field): \(message)"
    case .idempotencyKeyReused: "the Idempotency-Key came with another body before"
    case .unknownHold(let record): "record \(record) has no hold"
    case .schema(let text): text
    case .database: "the database refused a statement\(sqlState.map { " (SQLSTATE \($0))" } ?? "")"
    }
  }
}

extension StoreError {
  /// What a rule of the ledger means for the caller.
  init(rule error: LedgerError) {
    switch error {
    case .notAllowed(let denial): self.init(.notAllowed(denial))
    case .unpriced(let model, let quality, let size):
      self.init(.unpriced(model: model, quality: quality, size: size))
    case .unknownHold(let record): self.init(.unknownHold(record))
    case .unknownMember: self.init(.notFound("the member"))
    case .unknownKey: self.init(.notFound("the key"))
    case .unknownTeam: self.init(.notFound("the team"))
    case .alreadyExists: self.init(.conflict("the id is in use"))
    case .invalid(let field): self.init(.invalid(field: field, message: "out of bounds"))
    case .amountOutOfRange:
      self.init(.invalid(field: "amount", message: "must lie between 0 and \(Credits.maximum) credits"))
    case .chargeOverHold(let charge, let held):
      self.init(.invalid(field: "charge", message: "\(charge) credits are more than the \(held) held"))
    case .creditOverCharge(let amount, let left):
      self.init(.invalid(field: "amount", message: "\(amount) credits are more than the \(left) left of the charge"))
    case .notSettled: self.init(.conflict("the edit was not charged"))
    case .creditChanged(_, let credited):
      self.init(.conflict("\(credited) credits were given back meanwhile; look again"))
    case .periodNotEnded(let end):
      self.init(.conflict("the period goes on until \(end.rfc3339)"))
    case .budgetNotLoaded, .contradiction: self.init(.database)
    }
  }

  /// What a fault of a batch of one command means for its caller.
  init(_ fault: LaneFault) {
    switch fault.kind {
    case .unavailable, .blocked, .runAgain:
      self.init(.unavailable(mayBeHeld: false), underlying: fault.error)
    case .unknown:
      self.init(.unavailable(mayBeHeld: true), underlying: fault.error)
    case .poison where fault.error.constraintName == "member_user_id_unique":
      self.init(.conflict("the team has a member of this user id already"), underlying: fault.error)
    case .poison where fault.error.sqlState == "23505":
      self.init(.conflict("it is there already"), underlying: fault.error)
    case .poison, .ours:
      self.init(.database, underlying: fault.error)
    }
  }

  /// Whether trying the same command again cannot help.
  var isPoison: Bool {
    guard let underlying else { return false }
    return LaneFault(underlying, in: .write).kind == .poison
  }
}
