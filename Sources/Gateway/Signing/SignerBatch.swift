import Ledger
import LedgerStore
import TransparencyLog

/// Some logs that are judged and signed together. A log is signed only where what is stored shows that it extends what
/// was signed of it before (docs/audit.md, the signer).
struct SignerBatch: Sendable {
  /// What is wrong with a log.
  enum Fault: Sendable, Hashable {
    /// The database has a head by one of our keys that the state file does not know.
    case stateBehind
    /// It does not extend what was signed: that many lines were.
    case contradiction(signed: Int64)
    /// Its rows do not make its root.
    case brokenTree
    /// Somebody else's head stands in the place of ours.
    case foreignHead
    /// Its name is not one that the key signs for.
    case foreignLog
  }

  /// The term in which it was begun.
  let term: Int64
  /// Who waits for a head of one of them.
  var requests: [HeadRequest]
  /// What may be signed.
  private(set) var heads: [(team: TeamID, head: NewHead)] = []
  /// Those of the heads that the state file does not have yet.
  private(set) var unnoted: [NewHead] = []
  /// What is wrong with the others.
  private(set) var faults: [(tip: LogTip, fault: Fault)] = []
  /// Logs that are judged when their rows are there.
  private var waiting: [LogTip] = []
  private let signed: [String: SignedSize]

  /// Begins to judge `tips` by what was signed of them.
  init(
    term: Int64, tips: [LogTip], requests: [HeadRequest], signed: [String: SignedSize], keys: [NoteVerifierKey]
  ) {
    self.term = term
    self.requests = requests
    self.signed = Dictionary(
      tips.compactMap { tip in signed[tip.log.origin].map { (tip.log.origin, $0) } }, uniquingKeysWith: { $1 })
    for tip in tips { judge(tip, keys) }
  }

  /// The rows that the logs' proofs are made of, by team.
  var neededRows: [TeamID: [Int64]] {
    var rows: [TeamID: [Int64]] = [:]
    for tip in waiting { rows[tip.team] = plan(of: tip)?.rows ?? [] }
    return rows
  }

  /// Judges the logs that waited for their rows.
  mutating func take(_ trees: [TeamID: TreeRows]) {
    for tip in waiting {
      if let fault = fault(of: tip, rows: trees[tip.team] ?? TreeRows()) {
        faults.append((tip, fault))
      } else {
        accept(tip)
      }
    }
    waiting = []
  }

  private mutating func judge(_ tip: LogTip, _ keys: [NoteVerifierKey]) {
    let known = signed[tip.log.origin]
    if let fault = Self.fault(ofName: tip.log.origin, keys) ?? Self.fault(of: tip, beyond: known, keys) {
      faults.append((tip, fault))
      return
    }
    guard let known else {
      waiting.append(tip)
      return
    }
    if tip.log.size > known.size {
      waiting.append(tip)
    } else if tip.log.size == known.size, tip.log.peaks.root == known.root {
      accept(tip)
    } else {
      faults.append((tip, .contradiction(signed: known.size)))
    }
  }

  private static func fault(ofName origin: String, _ keys: [NoteVerifierKey]) -> Fault? {
    let isOurs = keys.contains { origin.utf8.starts(with: "\($0.name)/".utf8) } && SignerState.isOrigin(origin)
    return isOurs ? nil : .foreignLog
  }

  /// A stored head that reaches further than all that was signed: either the state file is an old one, or somebody put
  /// it there.
  private static func fault(of tip: LogTip, beyond known: SignedSize?, _ keys: [NoteVerifierKey]) -> Fault? {
    guard let head = tip.head, head.size > known?.size ?? -1 else { return nil }
    guard let note = try? SignedNote(bytes: head.note),
      let checkpoint = try? Checkpoint(note, signedBy: keys, origin: tip.log.origin),
      checkpoint.size > known?.size ?? -1
    else { return .foreignHead }
    return .stateBehind
  }

  /// The peaks of a log that was never signed; else the proof between what was signed and now.
  private func plan(of tip: LogTip) -> ProofPlan? {
    guard let known = signed[tip.log.origin], known.size > 0 else { return try? Peaks.plan(size: tip.log.size) }
    return try? ConsistencyProof.plan(oldSize: known.size, newSize: tip.log.size)
  }

  private func fault(of tip: LogTip, rows: TreeRows) -> Fault? {
    guard let known = signed[tip.log.origin], known.size > 0 else {
      let peaks = try? Peaks(size: tip.log.size, from: rows.hash)
      return peaks == tip.log.peaks ? nil : .brokenTree
    }
    do {
      try ConsistencyProof(oldSize: known.size, newSize: tip.log.size, from: rows.hash)
        .verify(oldRoot: known.root, newRoot: tip.log.peaks.root)
      return nil
    } catch {
      return .contradiction(signed: known.size)
    }
  }

  private mutating func accept(_ tip: LogTip) {
    let head = NewHead(
      origin: tip.log.origin, signed: SignedSize(size: tip.log.size, root: tip.log.peaks.root))
    // Two logs of one name contradict each other sooner or later; in one batch only the first counts.
    guard !heads.contains(where: { $0.head.origin.utf8.elementsEqual(head.origin.utf8) }) else { return }
    heads.append((tip.team, head))
    if signed[head.origin] != head.signed { unnoted.append(head) }
  }
}
