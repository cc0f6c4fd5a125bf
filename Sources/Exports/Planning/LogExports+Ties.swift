package import Audit
import Ledger
import LedgerStore
import TransparencyLog

/// What ties a range to its head.
extension LogExports {
  /// The range of a bundle.
  /// - Throws: `ExportFailure` where no known key signed the head, or the head that was named does not go with it;
  ///   `StoreError`.
  package func bundleRange(_ plan: ExportPlan) async throws -> BundleRange {
    guard let head = plan.head else { throw ExportFailure.noHead }
    let (note, key) = try signed(head)
    let log = plan.source
    var range = BundleRange(
      team: log.team, from: plan.start, to: plan.to, peaks: try await peaks(of: log, at: plan.start).hashes,
      state: plan.state, checkpoint: note, key: key,
      toProof: try await consistency(of: log, from: plan.to, to: head.size).hashes,
      hasSecrets: plan.request.withPrivate)
    if let known = plan.request.knownHead {
      range.knownProof = try await proof(of: known, head, plan)
    } else if let known = plan.request.knownSize, !(plan.start...plan.to).contains(known) {
      range.knownProof = try await consistency(of: log, from: min(known, head.size), to: max(known, head.size)).hashes
    }
    return range
  }

  /// The head's note, and the key that signed it.
  func signed(_ head: LogHead) throws -> (note: SignedNote, key: NoteVerifierKey) {
    let note = try SignedNote(bytes: head.note)
    guard let key = (try? note.verify(keys()))?.first else { throw ExportFailure.unknownKey }
    return (note, key)
  }

  /// The log's peaks at `size`.
  func peaks(of log: TeamLog, at size: Int64) async throws -> Peaks {
    let rows = try await store.treeRows(of: log.team, try Peaks.plan(size: size).rows, base: log.base)
    return try Peaks(size: size) { rows.hash(of: $0) }
  }

  /// Checks that the lines that were read are those that the log's tree was made of, up to its newest signed head.
  ///
  /// A bundle brings the proof along; what has none, a table, a statement or the lines alone, is checked here before its
  /// end is written.
  /// - Parameters:
  ///   - root: the root that the read lines lead to.
  ///   - size: how many lines of the log that is.
  ///   - first: the first line that was read.
  /// - Throws: `ExportFailure.damaged`, which names the line where one shows; `StoreError`.
  func requireTied(_ root: Digest, at size: Int64, of log: TeamLog, from first: Int64) async throws {
    var isTied = try await peaks(of: log, at: size).root == root
    if isTied, let head = try await tyingHead(of: log) {
      let isOlder = head.size < size
      let proof = try await consistency(of: log, from: min(head.size, size), to: max(head.size, size))
      do {
        try proof.verify(oldRoot: isOlder ? head.root : root, newRoot: isOlder ? root : head.root)
      } catch {
        isTied = false
      }
    }
    guard isTied else { throw try await damage(of: log, from: first, to: size) }
  }

  /// What lines have to lead to that are given away without a head: the newest signed one; of a log that was replaced,
  /// which may contradict its heads, what was kept of it when it was.
  private func tyingHead(of log: TeamLog) async throws -> (size: Int64, root: Digest)? {
    if log.isReplaced { return (log.size, log.state.peaks.root) }
    return try await store.newestHead(of: log).map { ($0.size, $0.root) }
  }

  /// Says where stored lines are not those that the log's tree was made of.
  func damage(of log: TeamLog, from first: Int64, to end: Int64) async throws -> ExportFailure {
    let altered = try await store.firstAlteredLine(of: log, from: first, to: end)
    let what =
      altered.map { "line \($0) is not the one that was written" }
      ?? "the lines below \(end) do not lead to its signed head"
    // The check begins with the log that goes on.
    return .damaged(log.isReplaced ? "\(what), in \(log.origin)" : "\(what); `tally ledger check` says more")
  }

  /// Checks that replayed books balance so far. Throws `ExportFailure.damaged`.
  func requireSound(_ replay: RangeReplay) throws {
    if let fault = replay.bookFault { throw ExportFailure.damaged("its books are wrong: \(fault)") }
  }

  private func consistency(of log: TeamLog, from: Int64, to: Int64) async throws -> ConsistencyProof {
    let plan = try ConsistencyProof.plan(oldSize: from, newSize: to)
    let rows = try await store.treeRows(of: log.team, plan.rows, base: log.base)
    return try ConsistencyProof(oldSize: from, newSize: to) { rows.hash(of: $0) }
  }

  /// The proof between a head that the reader holds and the bundle's; nil where the range alone shows it.
  private func proof(of known: SignedNote, _ head: LogHead, _ plan: ExportPlan) async throws -> [Digest]? {
    // A head of the log whose place this one took ties nothing, and is no reason to give nothing away: the checker of the
    // bundle compares it with what the first line admits.
    let keys = keys() + plan.request.retiredKeys
    if let old = try? Checkpoint(known, signedBy: keys), !old.origin.utf8.elementsEqual(head.origin.utf8),
      BundleRange.isOfSameTeam(old.origin, head.origin)
    {
      return nil
    }
    let held: Checkpoint
    do {
      held = try Checkpoint(known, signedBy: keys, origin: head.origin)
    } catch {
      throw ExportFailure.foreignHead("\(error)")
    }
    // Lines of a log that was replaced may be lost, as its follower admits: nothing leads to such a head.
    if plan.source.isReplaced, held.size > plan.logSize { return nil }
    guard held.size <= plan.logSize || held.size <= head.size else {
      throw ExportFailure.contradiction(size: held.size)
    }
    let mine = (size: head.size, root: head.root)
    let theirs = (size: held.size, root: held.root)
    let (old, new) = theirs.size <= mine.size ? (theirs, mine) : (mine, theirs)
    let proof = try await consistency(of: plan.source, from: old.size, to: new.size)
    do {
      try proof.verify(oldRoot: old.root, newRoot: new.root)
    } catch {
      throw ExportFailure.contradiction(size: held.size)
    }
    return (plan.start...plan.to).contains(held.size) ? nil : proof.hashes
  }
}
