import Foundation
import Gateway
import Ledger
import LedgerStore
import TransparencyLog

/// Makes the signer's state file anew from the heads that are known, after it was lost.
struct SignerRecovery {
  /// What was found, and written unless it was only looked at.
  struct Found: Sendable {
    var path: String
    /// Logs with a head.
    var logs: Int64 = 0
    /// Of those: heads that were brought, and reach further than the database's own.
    var brought: Int64 = 0
    /// Heads that the database has.
    var stored: Int64 = 0
    /// Logs that do not extend the newest head that is known of them: they are halted as soon as a gateway signs.
    var notExtending: [String] = []
    /// The line of the operator's log that tells of it; nil: it was only looked at.
    var index: Int64?
  }

  let store: LedgerStore
  let known: KnownHeads
  /// The data folder.
  let folder: String

  private static let logsPerPage = 200

  /// Looks at all logs; writes its id into the lease, a line into the operator's log, and the file, unless `dryRun`.
  ///
  /// Throws `CommandFailure` where a gateway signs, a state file is here, the key is not, or the operator's log is halted.
  func run(dryRun: Bool, by administrator: Administrator) async throws -> Found {
    let stateFolder = SignerStateFile.folder(inDataFolder: folder)
    let lost = try await check(stateFolder)
    var state = SignerState(id: SignerStateID(bits: .random(in: 1...UInt128.max)))
    var found = Found(path: "\(stateFolder)/log.state")
    var after: TeamID?
    while true {
      let tips = try await store.logTips(after: after, limit: Self.logsPerPage)
      for tip in tips { try await take(tip, &state, &found) }
      guard tips.count == Self.logsPerPage, let last = tips.last else { break }
      after = last.team
    }
    guard !dryRun else { return found }
    // The lease first: whoever holds another file may not sign from then on, and a file without its lease signs nothing.
    guard try await store.replaceSignerState(by: state.id) else {
      throw CommandFailure(.failed, "a gateway signs by now: stop it first")
    }
    // Then the line: nobody signs before there is a file, and cut off here the command is run again.
    found.index = try await store.noteSignerRecovery(try event(state, found, lost: lost), by: administrator)
    do {
      try SignerStateFile.write(state, folder: stateFolder)
    } catch {
      throw CommandFailure(.failed, "the signer's state file cannot be written: \(error)")
    }
    return found
  }

  private func event(_ state: SignerState, _ found: Found, lost: SignerStateID?) throws -> SignerRecovered {
    var peaks = Peaks()
    for origin in state.heads.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      guard let head = state.heads[origin] else { continue }
      peaks.add(try CoveredHead(origin: origin, size: head.size, root: head.root).leaf)
    }
    guard let root = Digest32(bytes: peaks.root.bytes) else {
      throw CommandFailure(.failed, "the heads have no root")
    }
    return SignerRecovered(
      lost: lost, state: state.id, count: found.logs, root: root, brought: found.brought,
      notExtending: Int64(found.notExtending.count))
  }

  /// Returns the state file that the lease names.
  private func check(_ stateFolder: String) async throws -> SignerStateID? {
    let lease = try await store.signerLease()
    // First of all: whoever signs has the file, wherever it stands.
    if let lease, !lease.hasEnded {
      throw CommandFailure(.failed, "a gateway signs now, so that nothing is lost: stop it first")
    }
    guard !known.keys.isEmpty else {
      throw CommandFailure(
        .failed, "the signing key is not here; run this where it is, or name it with --signing-key-file")
    }
    guard !FileManager.default.fileExists(atPath: "\(stateFolder)/log.state") else {
      throw CommandFailure(
        .failed,
        "a state file is here: \(stateFolder)/log.state. Where it is damaged or from an old backup, move it away first")
    }
    guard try await store.logHalt(of: .operatorLog) == nil else {
      throw CommandFailure(
        .failed, "the operator's log is halted and takes no line: `tally audit recover operator` first")
    }
    return lease?.state
  }

  private func take(_ tip: LogTip, _ state: inout SignerState, _ found: inout Found) async throws {
    let origin = tip.log.origin
    let stored = known.verified(tip.head, of: origin)
    let brought = known.brought[origin]
    guard let head = [stored, brought].compactMap(\.self).max(by: { $0.size < $1.size }) else { return }
    found.logs += 1
    if stored != nil { found.stored += 1 }
    if let brought, brought.size > stored?.size ?? -1 { found.brought += 1 }
    state.heads[origin] = head
    for head in [stored, brought].compactMap(\.self) {
      if try await Self.isExtended(head, by: tip.team, size: tip.log.size, in: store) { continue }
      found.notExtending.append(origin)
      // Whichever it contradicts has to halt it.
      state.heads[origin] = head
      break
    }
  }

  /// Whether the database's log of a team, of `size` lines, goes on from a head.
  static func isExtended(
    _ head: SignedSize, by team: TeamID, size: Int64, in store: LedgerStore
  ) async throws -> Bool {
    guard head.size <= size else { return false }
    let plan = try Peaks.plan(size: head.size)
    let rows = try await store.treeRows(of: team, plan.rows)
    guard let peaks = try? Peaks(size: head.size, from: rows.hash) else { return false }
    return peaks.root == head.root
  }
}
