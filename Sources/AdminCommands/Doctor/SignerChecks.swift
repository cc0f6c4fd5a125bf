import Foundation
import Gateway
import Ledger
import LedgerStore
import Logging

/// What `tally doctor` asks about the signer of the logs' heads (docs/audit.md, the signer).
enum SignerChecks {
  /// Older than this, and silence looks like deletion.
  static let maximumHeadAgeSeconds: Int64 = 600
  private static let pageSize = 1_000

  /// The state file against the lease, and how old the oldest of the newest heads is.
  static func all(
    _ settings: SettingsReader, _ database: LedgerDatabase, logger: Logger
  ) async -> [HealthCheck] {
    do {
      let store = try await database.openStore(settings, instance: .random(), lanes: 1, logger: logger)
      let lease = try? await store.signerLease()
      let checks = [
        state(in: database.folderPath, lease), await heads(store, isSigned: lease.map { !$0.hasEnded }),
        await halts(store),
      ]
      await store.close(within: LedgerDatabase.closeLimit)
      return checks
    } catch {
      return ["signer", "signed heads", "halted logs"].map {
        HealthCheck($0, .fail, "not known without the database's tables")
      }
    }
  }

  private static func state(in folder: String, _ lease: SignerLease?) -> HealthCheck {
    let name = "signer"
    let found: SignerState?
    do {
      found = try SignerStateFile.state(inFolder: SignerStateFile.folder(inDataFolder: folder))
    } catch {
      return HealthCheck(name, .fail, "\(error); `tally audit recover --known-head` makes a new one")
    }
    guard let lease else {
      return HealthCheck(name, .ok, "nothing was signed yet; the first gateway with a key begins")
    }
    guard let found, found.id == lease.state else {
      guard lease.hasEnded else { return HealthCheck(name, .ok, "another gateway signs, in term \(lease.term)") }
      let what = found == nil ? "no state file is here" : "the state file here is another one"
      return HealthCheck(
        name, .fail, "nobody signs, and \(what): start the gateway that has it, or see `tally audit recover`")
    }
    let logs = "\(found.heads.count) logs in the state file"
    return lease.hasEnded
      ? HealthCheck(name, .warn, "nobody signs; \(logs), a gateway started here would")
      : HealthCheck(name, .ok, "signing in term \(lease.term); \(logs)")
  }

  /// Logs that go on no more until an operator has opened others in their places.
  private static func halts(_ store: LedgerStore) async -> HealthCheck {
    let name = "halted logs"
    return await HealthCheck.running(name) {
      let halts = try await store.logHalts()
      guard let first = halts.first else { return HealthCheck(name, .ok, "none") }
      let more = halts.count > 1 ? ", and \(halts.count - 1) more" : ""
      return HealthCheck(
        name, .fail,
        "\(first.origin)\(more): \(first); see `tally audit recover --all --dry-run`, `tally ledger check` names all")
    }
  }

  private static func heads(_ store: LedgerStore, isSigned: Bool?) async -> HealthCheck {
    let name = "signed heads"
    return await HealthCheck.running(name) {
      var (oldest, headless, count) = (Timestamp?.none, 0, 0)
      // The operator's own log stands before all teams'.
      var after: TeamID?
      while true {
        let page = try await store.logTips(after: after, limit: pageSize)
        for tip in page {
          count += 1
          if let head = tip.head {
            oldest = min(oldest ?? head.signedAt, head.signedAt)
          } else {
            headless += 1
          }
        }
        guard page.count == pageSize, let last = page.last else { break }
        after = last.team
      }
      guard count > 0, let oldest else {
        return HealthCheck(name, count == 0 || isSigned == nil ? .ok : .warn, "none of \(count) logs")
      }
      let age = max(0, (Timestamp.now().microseconds - oldest.microseconds) / Timestamp.microsecondsPerSecond)
      let text = "\(count - headless) of \(count) logs, the oldest head \(age) s old"
      guard headless > 0 || age > maximumHeadAgeSeconds else { return HealthCheck(name, .ok, text) }
      return HealthCheck(name, .warn, "\(text); \(maximumHeadAgeSeconds) s at most while a gateway signs")
    }
  }
}
