package import Ledger
package import LedgerStore

/// What the gateway asks of the ledger's store; `LedgerStore` is the one that serves. It stands here as a protocol so
/// that the gateway's own questions (shapes, order of checks, outcomes) can be tried without a database.
package protocol LedgerAccess: AdministrationLedger, AuditLogAccess, HeadAccess, ReportAccess {
  /// Whether the database answers.
  var isReady: Bool { get async }

  /// Takes a hold; see docs/ledger.md.
  func hold(_ request: HoldRequest) async throws(StoreError) -> HoldAnswer
  /// Books what became of a held edit: tried until it is committed, whatever its caller waits for.
  func book(_ booking: Booking, _ patience: BookingPatience) async throws(StoreError) -> BookingAnswer

  /// Whose key it is that has this SHA-256; nil: there is no such key.
  func principal(keyHash: Digest32) async throws(StoreError) -> Principal?
  /// Notes when a key was used last; best effort, so it throws nothing.
  func noteKeyUse(team: TeamID, key: KeyID, at moment: Timestamp) async

  /// Whether the storage key is an upload or a result of the team.
  func ownsStorageKey(_ key: String, team: TeamID) async throws(StoreError) -> Bool
  /// Keeps an upload as the team's own.
  func storeAsset(_ asset: NewAsset) async throws(StoreError)

  /// A record of the team; nil: there is none.
  func record(_ id: RecordID, of team: TeamID) async throws(StoreError) -> StoredRecord?
  /// The team's records, newest first; only those of `member` where one is given.
  func records(of team: TeamID, _ filter: RecordFilter, member: MemberID?) async throws(StoreError) -> Page<
    StoredRecord
  >
  /// Changes rating and feedback of a record; only of one of `member`'s where one is given. nil: there is none.
  func rate(
    _ id: RecordID, of team: TeamID, _ change: RecordRating, member: MemberID?
  ) async throws(StoreError) -> StoredRecord?
  /// Where the line that resolved a record stands; nil while it is open.
  func recordPosition(of record: StoredRecord) async throws(StoreError) -> LogPosition?

  /// A member of the team by the administrator's name for it.
  func member(of team: TeamID, userID: String) async throws(StoreError) -> MemberView
  /// The budgets that an edit of the principal would have to fit now.
  func budgets(of principal: Principal) async throws(StoreError) -> [BudgetView]
  /// Earlier periods of these budgets, the newest first, at most so many of each.
  func budgetHistory(of principal: Principal, periods: Int) async throws(StoreError) -> [PastBudget]
  /// What an edit would cost and whether it would be admitted now; writes nothing.
  func estimate(_ request: HoldRequest) async throws(StoreError) -> Estimate
  /// The price book.
  func prices() async throws(StoreError) -> PriceBook
}
