import Audit
import Ledger
import LedgerStore
import TransparencyLog

/// Logs that others took the place of: nothing is signed of them any more, so what can be proved of them is what stands
/// under the heads that there are.
extension LogExports {
  /// The newest head of a log that was replaced which the stored tree leads to: the one that is kept, or one that the reader
  /// brings. A head that the tree does not lead to is what such a log was given up for.
  /// - Parameter to: the end that was asked for; nil: none was.
  /// - Returns: nil where none is needed and none is there.
  /// - Throws: `ExportFailure.unproven` and `unprovenBehind` where one is needed; `contradiction` and `foreignHead` for the
  ///   one that was brought; `StoreError`.
  func usableHead(of log: TeamLog, _ request: ExportRequest, reaching to: Int64?) async throws -> LogHead? {
    guard request.content.needsHead else { return nil }
    let brought = try broughtHead(of: log, request)
    let heads = [try await store.newestHead(of: log), brought].compactMap(\.self)
    for head in heads.sorted(by: { $0.size > $1.size }) {
      guard head.size <= log.size, try await peaks(of: log, at: head.size).root == head.root else { continue }
      if let to, to > head.size, !request.takesShortHead {
        throw ExportFailure.unprovenBehind(size: head.size, log: log.origin)
      }
      return head
    }
    if let brought, brought.size <= log.size { throw ExportFailure.contradiction(size: brought.size) }
    throw ExportFailure.unproven(log: log.origin)
  }

  /// The head that the reader brought, where it is of this log.
  private func broughtHead(of log: TeamLog, _ request: ExportRequest) throws -> LogHead? {
    guard let note = request.knownHead else { return nil }
    let held: Checkpoint
    do {
      held = try Checkpoint(note, signedBy: keys())
    } catch {
      throw ExportFailure.foreignHead("\(error)")
    }
    guard held.origin.utf8.elementsEqual(log.origin.utf8) else { return nil }
    return LogHead(held, note, of: log)
  }
}

extension LogHead {
  /// A head that somebody kept.
  init(_ held: Checkpoint, _ note: SignedNote, of log: TeamLog) {
    self.init(
      team: log.team, origin: log.origin, size: held.size, root: held.root, note: note.bytes,
      signedAt: log.state.lastAt)
  }
}
