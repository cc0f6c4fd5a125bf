package import Ledger
import Postgres
package import TransparencyLog

/// Everything that the second round trip of a batch writes, as plain values.
package struct LaneWrites: Sendable {
  /// A locked team as it stands after the batch.
  package struct Team: Sendable {
    package var book: TeamBook
    package var peaks: Peaks
    package var logBase: Int64 = 0
  }

  /// A record that a hold or a refusal makes.
  package struct NewRecord: Sendable {
    package var request: HoldRequest
    package var state: RecordState
    /// The place of its line.
    package var position: Int64
    package var at: Timestamp
  }

  /// A record that is settled, released, doubted or credited, or of which the truth was learned late.
  package struct ChangedRecord: Sendable {
    package var team: TeamID
    package var state: RecordState
    /// The place of the log's first line, from which the state counts.
    package var logBase: Int64
    package var variance: Credits
    package var at: Timestamp
    /// Time of the line that put it in doubt, where this batch has one: a resolution may follow in the same batch.
    package var inDoubtAt: Timestamp?
    package var cause: String?
    package var upstreamUUID: String?
    package var errorCode: String?
    package var errorMessage: String?
    package var errorStatus: Int16?
    package var errorDetails: String?
    /// JSON array of the storage keys.
    package var resultObject: String?
    package var responseObject: String?
    package var temporaryURL: String?
  }

  /// An edit that is in doubt from now on.
  package struct NewDoubt: Sendable {
    package var team: TeamID
    package var record: RecordID
    package var at: Timestamp
    /// The upstream's own id, where the doubt came with one; the record may know it already.
    package var upstreamUUID: String?
  }

  /// One line of a log with what its row holds.
  package struct NewLine: Sendable {
    package var team: TeamID
    /// Its place.
    package var index: Int64
    package var line: [UInt8]
    package var leaf: Digest
    package var nodes: [UInt8]
    package var salt: [UInt8]
    package var payload: [UInt8]
  }

  /// What an Idempotency-Key stands for from now on.
  package struct Claim: Sendable, Hashable {
    package var key: ClaimedKey
    package var at: Timestamp
  }

  /// A storage key that a settled edit brought.
  package struct NewAsset: Sendable {
    /// Longest storage key that can be named as an imageUrl later, in bytes; it must fit an index entry.
    package static let maximumKeyBytes = 1_024

    /// Whether the storage key can be kept as an asset. An upstream's key that cannot still stands in the record.
    package static func canName(_ key: String) -> Bool {
      (1...maximumKeyBytes).contains(key.utf8.count) && !key.hasNUL
    }

    package var team: TeamID
    package var storageKey: String
    package var member: MemberID
    package var record: RecordID
    package var at: Timestamp
  }

  /// A new or changed row of the key table.
  package struct WrittenKey: Sendable {
    package var team: TeamID
    package var state: KeyState
    package var at: Timestamp
    /// Hash and hint of a new key; nil for a changed one.
    package var secret: (hash: Digest32, hint: String)?
  }

  /// A new or changed member.
  package struct WrittenMember: Sendable {
    package var team: TeamID
    package var state: MemberState
    package var at: Timestamp
    package var by: String
    /// What is personal of a new one; nil for a changed one.
    package var new: NewMember?
  }

  /// Teams to be made, in the order of their commands.
  package var newTeams: [(team: NewTeam, at: Timestamp)] = []
  /// Teams whose standing settings change.
  package var changedTeams: [TeamID] = []
  /// Teams that a settlement without its hold halts.
  package var haltedTeams: Set<TeamID> = []
  /// Every locked team, written whether or not it got a line, so that the COMMIT is one of a transaction that wrote.
  package var teams: [TeamID: Team] = [:]
  package var newBudgets: [(team: TeamID, budget: Budget)] = []
  package var changedBudgets: [(team: TeamID, budget: Budget)] = []
  package var newRecords: [NewRecord] = []
  package var changedRecords: [ChangedRecord] = []
  package var doubts: [NewDoubt] = []
  package var attachments: [AttachRequest] = []
  package var lines: [NewLine] = []
  package var claims: [ClaimID: Claim] = [:]
  package var assets: [NewAsset] = []
  package var keys: [WrittenKey] = []
  package var members: [WrittenMember] = []
  package var usage: [UsageKey: UsageCounts] = [:]
  /// Teams on which a legal hold was placed, or from which it was lifted.
  package var legalHolds: Set<TeamID> = []
  package var closings: [NewClosing] = []
  package var notes: [NewNote] = []
  /// Erasures that are done.
  package var erasures: [ToldErasure] = []
  /// How long teams keep their records from now on.
  package var retentions: [NewRetention] = []
  /// Removals of records and usage that are done.
  package var removals: [ToldRemoval] = []
  /// Lines that tell of no edit.
  package var administrativeLines: [AdministrativeLine] = []
  /// Logs that took the place of others.
  package var recoveries: [NewRecovery] = []
  package var prices: [NewPrice] = []
  package var coverings: [NewCovering] = []
  package var alerts: [WrittenAlert] = []
  package var deliveries: [EndedMessage] = []

  /// Nothing to write.
  package init() {}
}

/// Names one usage bucket.
package struct UsageKey: Hashable, Sendable {
  /// Length of a bucket: 15 minutes divides every zone's offset from UTC.
  package static let bucketMicroseconds: Int64 = 900_000_000

  package var team: TeamID
  package var bucketStart: Timestamp
  package var member: MemberID
  package var key: KeyID
  package var model: String
  package var quality: String
  package var size: String

  /// The bucket of these.
  package init(
    team: TeamID, bucketStart: Timestamp, member: MemberID, key: KeyID, model: String, quality: String, size: String
  ) {
    self.team = team
    self.bucketStart = bucketStart
    self.member = member
    self.key = key
    self.model = model
    self.quality = quality
    self.size = size
  }

  /// The bucket in which `moment` lies.
  package static func bucketStart(of moment: Timestamp) -> Timestamp {
    let rest = moment.microseconds % bucketMicroseconds
    return Timestamp(microseconds: moment.microseconds - (rest < 0 ? rest + bucketMicroseconds : rest))
  }
}

/// What a bucket counts.
package struct UsageCounts: Hashable, Sendable {
  package var settled: Int64 = 0
  package var released: Int64 = 0
  package var refused: Int64 = 0
  package var images: Int64 = 0
  package var charged: Int64 = 0
  package var credited: Int64 = 0

  /// A bucket with these counts.
  package init(
    settled: Int64 = 0, released: Int64 = 0, refused: Int64 = 0, images: Int64 = 0, charged: Int64 = 0,
    credited: Int64 = 0
  ) {
    self.settled = settled
    self.released = released
    self.refused = refused
    self.images = images
    self.charged = charged
    self.credited = credited
  }
}
