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
    let team = plan.request.team
    var range = BundleRange(
      team: team, from: plan.start, to: plan.to, peaks: try await peaks(of: team, at: plan.start).hashes,
      state: plan.state, checkpoint: note, key: key,
      toProof: try await consistency(of: team, from: plan.to, to: head.size).hashes,
      hasSecrets: plan.request.withPrivate)
    if let known = plan.request.knownHead { range.knownProof = try await proof(of: known, head, plan) }
    return range
  }

  /// The head's note, and the key that signed it.
  func signed(_ head: LogHead) throws -> (note: SignedNote, key: NoteVerifierKey) {
    let note = try SignedNote(bytes: head.note)
    guard let key = (try? note.verify(keys()))?.first else { throw ExportFailure.unknownKey }
    return (note, key)
  }

  /// The log's peaks at `size`.
  func peaks(of team: TeamID, at size: Int64) async throws -> Peaks {
    let rows = try await store.treeRows(of: team, try Peaks.plan(size: size).rows)
    return try Peaks(size: size) { rows.hash(of: $0) }
  }

  /// Checks that the lines that were read are those that the log's tree was made of, up to its newest signed head.
  ///
  /// A bundle brings the proof along; what has none, a table, a statement or the lines alone, is checked here before its
  /// end is written.
  /// - Parameters:
  ///   - root: the root that the read lines lead to.
  ///   - size: how many lines of the log that is.
  /// - Throws: `ExportFailure.damaged`; `StoreError`.
  func requireTied(_ root: Digest, at size: Int64, of team: TeamID) async throws {
    var isTied = try await peaks(of: team, at: size).root == root
    if isTied, let head = try await store.newestHead(of: team) {
      let isOlder = head.size < size
      let proof = try await consistency(of: team, from: min(head.size, size), to: max(head.size, size))
      do {
        try proof.verify(oldRoot: isOlder ? head.root : root, newRoot: isOlder ? root : head.root)
      } catch {
        isTied = false
      }
    }
    guard isTied else { throw ExportFailure.damaged("the lines below \(size) do not lead to its signed head") }
  }

  /// Checks that replayed books balance so far. Throws `ExportFailure.damaged`.
  func requireSound(_ replay: RangeReplay) throws {
    if let fault = replay.bookFault { throw ExportFailure.damaged("its books are wrong: \(fault)") }
  }

  private func consistency(of team: TeamID, from: Int64, to: Int64) async throws -> ConsistencyProof {
    let rows = try await store.treeRows(of: team, try ConsistencyProof.plan(oldSize: from, newSize: to).rows)
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
    guard held.size <= plan.logSize || held.size <= head.size else {
      throw ExportFailure.contradiction(size: held.size)
    }
    let mine = (size: head.size, root: head.root)
    let theirs = (size: held.size, root: held.root)
    let (old, new) = theirs.size <= mine.size ? (theirs, mine) : (mine, theirs)
    let proof = try await consistency(of: plan.request.team, from: old.size, to: new.size)
    do {
      try proof.verify(oldRoot: old.root, newRoot: new.root)
    } catch {
      throw ExportFailure.contradiction(size: held.size)
    }
    return (plan.start...plan.to).contains(held.size) ? nil : proof.hashes
  }
}
