import Foundation
import Ledger
import LedgerStore

extension OutputRow {
  /// A record as a listing shows it.
  init(summaryOf record: StoredRecord) {
    self.init()
    add("uuid", "RECORD", .id(record.record))
    add("createdAt", "CREATED", .time(record.createdAt))
    add("userId", "USER", .string(record.userID))
    add("model", nil, .string(record.model))
    add("quality", "QUALITY", .string(record.quality))
    add("size", "SIZE", .string(record.size))
    add("n", "N", .integer(Int64(record.n)))
    add("state", "STATE", .string(record.state.rawValue))
    add("status", "STATUS", .string(record.state.featureStatus))
    add("heldCredits", "HELD", .integer(record.heldCredits.value))
    add("credits", "CREDITS", .integer(record.credits.value))
    add("cause", "CAUSE", .optional(record.cause))
    add("assumed", nil, .boolean(record.assumed))
    add("teamId", nil, .id(record.team))
    add("keyId", nil, .id(record.key))
    add("resolvedAt", nil, .time(record.resolvedAt))
  }

  /// A record with all that is known of it, but for what its member wrote: prompts are not the operator's to read.
  init(detailsOf record: StoredRecord) {
    self.init(summaryOf: record)
    showInTable("resolvedAt", as: "RESOLVED")
    add("unitPrice", "UNIT PRICE", .integer(record.unitPrice.value))
    add("charged", "CHARGED", .integer(record.charged.value))
    add("credited", "CREDITED", .integer(record.credited.value))
    add("variance", "VARIANCE", .integer(record.variance.value))
    add("inDoubtAt", "IN DOUBT", .time(record.inDoubtAt))
    add("upstreamUuid", "UPSTREAM ID", .optional(record.upstreamUUID))
    add("errorCode", "ERROR CODE", .optional(record.errorCode))
    add("errorMessage", "ERROR", .optional(record.errorMessage))
    add("resultObject", "RESULTS", record.resultKeys.map { .list($0.map { .string($0) }) } ?? .null)
    add("holdIndex", "HOLD LINE", .integer(record.holdIndex))
    add("resolveIndex", "RESOLVING LINE", .optional(record.resolveIndex))
  }
}

extension EditState {
  /// The status that the Feature API and Tally's own surfaces show (docs/ledger.md, states of an edit).
  var featureStatus: String {
    switch self {
    case .held, .inDoubt: "PROCESSING"
    case .settled: "SUCCESS"
    case .released: "FAILURE"
    case .refused: "REFUSED"
    }
  }
}
