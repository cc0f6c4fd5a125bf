import Ledger
import LedgerStore

/// What came under one Idempotency-Key (docs/ledger.md, G5).
struct ClaimHistory {
  /// Edits that asked under it.
  var records: [RecordID] = []
  /// The body that each of them came with.
  var bodyHashes: [RecordID: Digest32] = [:]
  /// The edit whose answer stays.
  var sticky: RecordID?
}

extension Auditor {
  /// An edit asks under a key.
  func began(_ record: RecordID, under id: ClaimID, bodyHash: Digest32) {
    claims[id, default: ClaimHistory()].records.append(record)
    claims[id]?.bodyHashes[record] = bodyHash
    claimOfRecord[record] = id
  }

  /// Every answer that stays must be the same edit's.
  func checkClaim(_ answer: SimulatedAnswer, _ record: RecordID) {
    guard let id = claimOfRecord[record], let claim = claims[id] else { return }
    switch answer {
    case .charged, .refused: stay(record, id)
    case .released:
      if histories[record]?.released?.cause.isSticky == true { stay(record, id) }
    case .repeated(let other, let state):
      if !claim.records.contains(other) || histories[other] == nil {
        world.violate("\(record.short) is told to be \(other.short), which never had its key")
      }
      if claim.bodyHashes[record] != claim.bodyHashes[other] {
        world.violate("\(record.short) is told to be \(other.short), which had another body")
      }
      if state == .settled || state == .refused { stay(other, id) }
    case .keyReused:
      if Set(claim.bodyHashes.values).count < 2 { world.violate("\(record.short) is told that its body is another") }
    case .inDoubt, .unavailable, .notAllowed, .processing: break
    }
  }

  private func stay(_ record: RecordID, _ id: ClaimID) {
    if let sticky = claims[id]?.sticky, sticky != record {
      world.violate("\(record.short) and \(sticky.short) are both answered under one key")
    }
    claims[id]?.sticky = record
  }

  /// Under one key the upstream works once at most, and one edit at most is charged.
  func checkClaimsAtRest() {
    for claim in claims.values.sorted(by: { $0.records.lexicographicallyPrecedes($1.records) }) {
      let worked = claim.records.filter { world.upstream.calls[$0]?.hasWorked == true }
      if worked.count > 1 { world.violate("the upstream did the work twice under one key: \(worked.map(\.short))") }
      let charged = claim.records.filter { histories[$0]?.settled.map { $0.charge > .zero } ?? false }
      if charged.count > 1 { world.violate("two edits are charged under one key: \(charged.map(\.short))") }
    }
  }
}
