package import Ledger

/// One edit as it is stored: everything that any surface shows of it.
package struct StoredRecord: Sendable {
  package var team: TeamID
  package var record: RecordID
  package var member: MemberID
  package var userID: String
  package var key: KeyID
  package var state: EditState
  package var assumed: Bool
  package var isAsync: Bool
  package var model: String
  package var quality: String
  package var size: String
  package var n: Int
  package var unitPrice: Credits
  package var heldCredits: Credits
  /// Charged less credited back; 0 until settled.
  package var credits: Credits
  package var charged: Credits
  package var credited: Credits
  package var variance: Credits
  package var createdAt: Timestamp
  package var inDoubtAt: Timestamp?
  package var resolvedAt: Timestamp?
  package var cause: String?
  package var upstreamUUID: String?
  package var errorCode: String?
  package var errorMessage: String?
  /// HTTP status that was answered when the edit failed.
  package var errorStatus: Int?
  /// The upstream's own details that were answered with it.
  package var errorDetails: String?
  /// The promptObject as it was forwarded, JSON text.
  package var promptObject: String
  package var metadata: String?
  package var resultKeys: [String]?
  package var responseObject: String?
  package var temporaryURL: String?
  package var rating: Int?
  package var feedback: String?
  /// The place of the line that held or refused it: its index, counted on behind the lines of logs that were replaced.
  package var holdIndex: Int64
  /// The place of the line that settled or released it.
  package var resolveIndex: Int64?
  /// When its personal text was erased; nil: it was not.
  package var erasedAt: Timestamp?

  /// A record with these fields.
  package init(
    team: TeamID, record: RecordID, member: MemberID, userID: String, key: KeyID, state: EditState, assumed: Bool,
    isAsync: Bool, model: String, quality: String, size: String, n: Int, unitPrice: Credits, heldCredits: Credits,
    credits: Credits, charged: Credits, credited: Credits, variance: Credits, createdAt: Timestamp,
    inDoubtAt: Timestamp? = nil, resolvedAt: Timestamp? = nil, cause: String? = nil, upstreamUUID: String? = nil,
    errorCode: String? = nil, errorMessage: String? = nil, errorStatus: Int? = nil,
    errorDetails: String? = nil, promptObject: String, metadata: String? = nil, resultKeys: [String]? = nil,
    responseObject: String? = nil, temporaryURL: String? = nil, rating: Int? = nil,
    feedback: String? = nil, holdIndex: Int64, resolveIndex: Int64? = nil, erasedAt: Timestamp? = nil
  ) {
    self.team = team
    self.record = record
    self.member = member
    self.userID = userID
    self.key = key
    self.state = state
    self.assumed = assumed
    self.isAsync = isAsync
    self.model = model
    self.quality = quality
    self.size = size
    self.n = n
    self.unitPrice = unitPrice
    self.heldCredits = heldCredits
    self.credits = credits
    self.charged = charged
    self.credited = credited
    self.variance = variance
    self.createdAt = createdAt
    self.inDoubtAt = inDoubtAt
    self.resolvedAt = resolvedAt
    self.cause = cause
    self.upstreamUUID = upstreamUUID
    self.errorCode = errorCode
    self.errorMessage = errorMessage
    self.errorStatus = errorStatus
    self.errorDetails = errorDetails
    self.promptObject = promptObject
    self.metadata = metadata
    self.resultKeys = resultKeys
    self.responseObject = responseObject
    self.temporaryURL = temporaryURL
    self.rating = rating
    self.feedback = feedback
    self.holdIndex = holdIndex
    self.resolveIndex = resolveIndex
    self.erasedAt = erasedAt
  }
}

/// Which records a listing shows, newest first.
package struct RecordFilter: Sendable {
  /// At most so many, 1 to 100.
  package var limit: Int
  /// Only records older than this one: the last of the page before.
  package var after: RecordID?
  package var states: Set<EditState>?
  package var userID: String?

  /// A filter; 20 records by default.
  package init(limit: Int = 20, after: RecordID? = nil, states: Set<EditState>? = nil, userID: String? = nil) {
    self.limit = limit
    self.after = after
    self.states = states
    self.userID = userID
  }
}

/// One page of a listing.
package struct Page<Element: Sendable>: Sendable {
  package var elements: [Element]
  package var hasMore: Bool

  /// A page.
  package init(elements: [Element], hasMore: Bool) {
    self.elements = elements
    self.hasMore = hasMore
  }
}
