import Gateway
import Ledger
import LedgerStore
import Synchronization
import TransparencyLog

/// A ledger whose answers a test decides. It stands in where the question is the gateway's own (shapes, order of
/// checks, outcomes), never where it is the database's.
final class StubLedger: LedgerAccess {
  struct Answers: Sendable {
    var principals: [Digest32: Principal] = [:]
    var ownedKeys: Set<String> = [Fixtures.assetKey]
    var hold: Result<HoldAnswer, StoreError>?
    var settle: Result<ResolvedEdit, StoreError> = .success(Fixtures.resolved(.settled))
    var release: Result<ResolvedEdit, StoreError> = .success(Fixtures.resolved(.released))
    var doubt: Result<ResolvedEdit, StoreError> = .success(Fixtures.resolved(.inDoubt))
    var record: StoredRecord?
    var page = Page<StoredRecord>(elements: [], hasMore: false)
    var auditPage = Fixtures.auditPage([])
    var pastBudgets: [PastBudget] = []
    var budgets = [Fixtures.budget()]
    var estimate = Estimate(credits: Credits(33_000), refusedBy: nil)
    var isReady = true
    /// What changes of administrators fail with, where one is set.
    var denial: StoreError?
    var members = Page<MemberView>(elements: [], hasMore: false)
    var keys = Page<KeyView>(elements: [], hasMore: false)
    var memberRole = MemberRole.member
    /// The lines of the team's log.
    var lines: [[UInt8]] = []
    /// Lines of lower indexes are pruned.
    var prunedBelow: Int64 = 0
    /// What halted the team's log; nil: it is not halted.
    var halt: LogHalt?
    /// Who signs heads; nil: nobody.
    var headKey: NoteSigningKey?
    /// A log that the team has had; it has the first of `lines`.
    var oldLog: TeamLog?
    /// The newest head of it.
    var oldHead: LogHead?
    /// What every question fails with, where one is set.
    var failure: StoreError?
  }

  /// What was asked, in order.
  enum Call: Sendable, Equatable {
    case principal
    case owns(String)
    case hold
    case settle(results: Int)
    case release(ReleaseCause, code: String?)
    case doubt(InDoubtCause)
    case attach(String)
    case storeAsset(String, name: String?)
  }

  /// What an administrator asked for, and who that was.
  struct Asked: Sendable {
    var what: LaneCommand
    var by: Administrator
  }

  let asked = Mutex<[Asked]>([])
  let usages = Mutex(Usage())

  let answers: Mutex<Answers>
  /// Fulfilled when an edit has been settled.
  let settled = Promise<Void>()
  private let log = Mutex<[Call]>([])
  private let heldRequests = Mutex<[HoldRequest]>([])
  private let filters = Mutex<[(filter: RecordFilter, member: MemberID?)]>([])

  init(_ answers: Answers = Answers()) {
    self.answers = Mutex(answers)
  }

  /// A ledger that knows the fixtures' key.
  convenience init(principal: Principal) {
    var answers = Answers()
    answers.principals[Fixtures.key.hash] = principal
    self.init(answers)
  }

  var calls: [Call] { log.withLock { $0 } }
  var holds: [HoldRequest] { heldRequests.withLock { $0 } }
  var lastFilter: (filter: RecordFilter, member: MemberID?)? { filters.withLock { $0.last } }

  private func note(_ call: Call) throws(StoreError) {
    log.withLock { $0.append(call) }
    if let failure = answers.withLock({ $0.failure }) { throw failure }
  }

  var isReady: Bool { answers.withLock { $0.isReady } }

  func hold(_ request: HoldRequest) async throws(StoreError) -> HoldAnswer {
    try note(.hold)
    heldRequests.withLock { $0.append(request) }
    if let answer = answers.withLock({ $0.hold }) { return try answer.get() }
    return .held(HeldEdit(record: request.record, amount: Credits(33_000), at: Fixtures.now, index: 3))
  }

  func book(_ booking: Booking, _ patience: BookingPatience) async throws(StoreError) -> BookingAnswer {
    switch booking {
    case .settle(let request):
      try note(.settle(results: request.resultKeys.count))
      settled.fulfil(())
      return .resolved(try answers.withLock { $0.settle }.get())
    case .release(let request):
      try note(.release(request.cause, code: request.errorCode))
      return .resolved(try answers.withLock { $0.release }.get())
    case .doubt(let request):
      try note(.doubt(request.cause))
      return .resolved(try answers.withLock { $0.doubt }.get())
    case .attach(let request):
      try note(.attach(request.upstreamUUID))
      return .attached
    }
  }

  func principal(keyHash: Digest32) async throws(StoreError) -> Principal? {
    try note(.principal)
    return answers.withLock { $0.principals[keyHash] }
  }

  func noteKeyUse(team: TeamID, key: KeyID, at moment: Timestamp) async {}

  func ownsStorageKey(_ key: String, team: TeamID) async throws(StoreError) -> Bool {
    try note(.owns(key))
    return team == Fixtures.team && answers.withLock { $0.ownedKeys.contains(key) }
  }

  func storeAsset(_ asset: NewAsset) async throws(StoreError) {
    try note(.storeAsset(asset.storageKey, name: asset.originalName))
  }

  func record(_ id: RecordID, of team: TeamID) async throws(StoreError) -> StoredRecord? {
    answers.withLock { $0.record }.flatMap { $0.record == id && $0.team == team ? $0 : nil }
  }

  func records(
    of team: TeamID, _ filter: RecordFilter, member: MemberID?
  ) async throws(StoreError) -> Page<StoredRecord> {
    filters.withLock { $0.append((filter, member)) }
    return answers.withLock { $0.page }
  }

  func rate(
    _ id: RecordID, of team: TeamID, _ change: RecordRating, member: MemberID?
  ) async throws(StoreError) -> StoredRecord? {
    guard var record = try await record(id, of: team), member == nil || member == record.member else { return nil }
    if case .set(let rating) = change.rating { record.rating = rating.map { Int($0) } }
    if case .set(let feedback) = change.feedback { record.feedback = feedback }
    return record
  }

  func budgetHistory(of principal: Principal, periods: Int) async throws(StoreError) -> [PastBudget] {
    answers.withLock { Array($0.pastBudgets.prefix(periods)) }
  }

  func recordPosition(of record: StoredRecord) async throws(StoreError) -> LogPosition? {
    Fixtures.position()
  }

  func member(of team: TeamID, userID: String) async throws(StoreError) -> MemberView {
    MemberView(
      team: team, id: Fixtures.member, userID: userID, userName: "John Doe",
      role: answers.withLock { $0.memberRole }, createdAt: Fixtures.now,
      createdBy: "SYSTEM", updatedAt: Fixtures.now, updatedBy: "SYSTEM", budget: Fixtures.budget())
  }

  func budgets(of principal: Principal) async throws(StoreError) -> [BudgetView] {
    answers.withLock { $0.budgets }
  }

  func estimate(_ request: HoldRequest) async throws(StoreError) -> Estimate {
    answers.withLock { $0.estimate }
  }

  func prices() async throws(StoreError) -> PriceBook {
    PriceBook(PriceBook.defaultEntries)
  }
}
