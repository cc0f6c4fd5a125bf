import Audit
package import Ledger
package import LedgerStore
package import TransparencyLog

/// Takes a team's log away: plans a range, tells of it in the log, and writes it in the form that was asked for.
///
/// The gateway and the command line both export by it, so that the same range is the same bytes.
package struct LogExports: Sendable {
  /// How long a newer head is waited for.
  package static let headPatience: Duration = .seconds(1)

  let store: LedgerStore
  /// The keys that may have signed a head; asked each time, since a key may be rotated.
  let keys: @Sendable () -> [NoteVerifierKey]
  let pace: ReadingPace
  let statements = StatementCache()

  /// Exports from `store`.
  /// - Parameters:
  ///   - store: the ledger.
  ///   - keys: the keys that may have signed a head, the newest first.
  ///   - pace: how much of the database's time they may take.
  package init(store: LedgerStore, pace: ReadingPace, keys: @escaping @Sendable () -> [NoteVerifierKey]) {
    self.store = store
    self.pace = pace
    self.keys = keys
  }

  /// Tells of an export in the team's log, before its first byte: also one that is cut is told of.
  /// - Parameters:
  ///   - plan: what it will hold.
  ///   - id: its id; asked again with the same one, nothing is appended.
  ///   - administrator: who exports.
  /// - Throws: `StoreError`.
  package func note(_ plan: ExportPlan, id: NoteID, by administrator: Administrator) async throws {
    _ = try await store.noteExport(plan.event(id: id), of: plan.request.team, by: administrator)
  }

  /// Tells that somebody reads a report: one line for each reader, report and hour.
  /// - Throws: `StoreError`.
  package func noteReading(
    of report: String, at moment: Timestamp, team: TeamID, by administrator: Administrator
  ) async throws {
    _ = try await store.noteReading(of: report, at: moment, of: team, by: administrator)
  }

  /// Writes an export as one stream, in the form that was asked for; a bundle as a tar archive.
  /// - Parameters:
  ///   - plan: what it holds.
  ///   - folder: a folder of its own for a bundle's files until they are sent; gone afterwards.
  ///   - now: the time, for the archive.
  ///   - write: takes the bytes.
  /// - Throws: `StoreError`, `ExportFailure`; what is thrown for lines that are damaged; what `write` throws.
  package func write(
    _ plan: ExportPlan, by folder: String, now: Timestamp, _ write: ([UInt8]) async throws -> Void
  ) async throws {
    switch plan.request.content {
    case .bundle: try await writeArchive(plan, by: folder, now: now, write)
    case .lines: try await writeLines(plan) { bytes, _ in try await write(bytes) }
    case .usage: try await writeTable(.usage, plan) { bytes, _ in try await write(bytes) }
    case .focus: try await writeTable(.focus, plan) { bytes, _ in try await write(bytes) }
    case .proofs: try await writeProofs(plan) { bytes, _ in try await write(bytes) }
    }
  }
}
