package import Ledger
package import LedgerStore
package import TransparencyLog

/// What the signer asks of the ledger's store; `LedgerStore` is the one that serves.
package protocol SignerLedger: Sendable {
  /// Who signs; nil before the first signature.
  func signerLease() async throws(StoreError) -> SignerLease?
  /// Whether a head of any log was ever signed.
  func hasSignedHeads() async throws(StoreError) -> Bool
  /// Takes the lease; nil: somebody else was first.
  func takeSignerLease(
    state: SignerStateID, after term: Int64?, for lease: Duration
  ) async throws(StoreError) -> Int64?
  /// Renews it; false: it is another's.
  func renewSignerLease(term: Int64, for lease: Duration) async throws(StoreError) -> Bool
  /// Ends it.
  func endSignerLease(term: Int64) async throws(StoreError)
  /// Who waits for a head.
  func headRequests(limit: Int) async throws(StoreError) -> [HeadRequest]
  /// The logs of teams.
  func logTips(of teams: [TeamID]) async throws(StoreError) -> [LogTip]
  /// The logs of teams behind one, in the order of their ids; nil: from the operator's own log on.
  func logTips(after team: TeamID?, limit: Int) async throws(StoreError) -> [LogTip]
  /// Rows of the trees of several logs.
  func treeRows(_ indexes: [TeamID: [Int64]]) async throws(StoreError) -> [TeamID: TreeRows]
  /// Stores signed heads; false: the lease is another's, and nothing was stored.
  func storeHeads(_ heads: [LogHead], term: Int64) async throws(StoreError) -> Bool
  /// Forgets requests that are answered.
  func forget(_ requests: [HeadRequest]) async throws(StoreError)
  /// Halts the team of a log; false: the log is another one now.
  func haltLog(
    of team: TeamID, origin: String, cause: LogHalt.Cause, signedSize: Int64?
  ) async throws(StoreError) -> Bool
}

extension LedgerStore: SignerLedger {}
