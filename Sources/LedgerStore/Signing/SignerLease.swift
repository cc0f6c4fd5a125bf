package import Ledger
import Postgres

/// Who signs the logs' heads: the one row of `tally.signer_lease`.
package struct SignerLease: Sendable, Hashable {
  /// The state file that signatures are noted in.
  package var state: SignerStateID
  /// The run of a gateway that has the lease, or had it last.
  package var holder: InstanceID
  /// Counts the holders.
  package var term: Int64
  /// Until when it has it, on the database's clock.
  package var leaseUntil: Timestamp
  /// The database's clock when this was read.
  package var now: Timestamp

  /// A lease with these fields.
  package init(state: SignerStateID, holder: InstanceID, term: Int64, leaseUntil: Timestamp, now: Timestamp) {
    self.state = state
    self.holder = holder
    self.term = term
    self.leaseUntil = leaseUntil
    self.now = now
  }

  /// Whether nobody signs.
  package var hasEnded: Bool { leaseUntil <= now }
}

extension SignerLease {
  /// Reads state, holder, term, end and the database's clock.
  init(_ row: inout RowReader) throws(PostgresError) {
    self.init(
      state: try row.id(), holder: try row.id(), term: try row.next(), leaseUntil: try row.time(), now: try row.time())
  }
}
