import HTTPTypes
package import Ledger
import LedgerStore
import Synchronization

/// The fence between teams: which storage keys a team may name (docs/http.md, imageUrl).
///
/// The store decides. What it said yes to is remembered for a while, since a team edits the same picture again and
/// again, and a key that was once a team's own stays its own. A no is never remembered.
package final class OwnedAssets: Sendable {
  /// How long a yes is remembered.
  package static let lifetime = Duration.seconds(60)
  /// How many are remembered: about 200 bytes each.
  package static let maximum = 20_000

  private struct Key: Hashable {
    var team: TeamID
    var storageKey: [UInt8]
  }

  private let ledger: any LedgerAccess
  private let clock: GatewayClock
  private let known = Mutex<[Key: Duration]>([:])

  /// A fence that asks `ledger`.
  package init(ledger: any LedgerAccess, clock: GatewayClock) {
    self.ledger = ledger
    self.clock = clock
  }

  /// Throws 404 where the image is a storage key that is not the team's: one answer for a foreign and a missing key.
  /// Throws 503 when the store cannot be asked.
  package func check(_ image: ImageAddress, of team: TeamID) async throws(GatewayError) {
    guard case .storageKey(let storageKey) = image else { return }
    let key = Key(team: team, storageKey: Array(storageKey.utf8))
    let now = clock.monotonic()
    if known.withLock({ $0[key].map { now < $0 } ?? false }) { return }
    let isOwn: Bool
    do {
      isOwn = try await ledger.ownsStorageKey(storageKey, team: team)
    } catch {
      throw GatewayError(error)
    }
    guard isOwn else {
      throw GatewayError(.notFound, .assetNotFound, "The image that imageUrl names was not found.")
    }
    known.withLock { known in
      if known.count >= OwnedAssets.maximum { known = known.filter { now < $0.value } }
      if known.count >= OwnedAssets.maximum { known.removeAll(keepingCapacity: true) }
      known[key] = now + OwnedAssets.lifetime
    }
  }
}
