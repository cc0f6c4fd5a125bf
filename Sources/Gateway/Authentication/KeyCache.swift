package import Ledger
package import LedgerStore

/// What is known of recently used keys: a pure machine, so that its answers depend on nothing but what went in.
///
/// It saves a database round trip per request. Nothing is decided by it alone: suspensions and revocations are looked
/// at again by the ledger, in the hold itself, so an entry may be a few seconds old (docs/architecture.md).
package struct KeyCache: Sendable {
  /// How long a found key is believed. The longest time for which a revoked key still reads; it never spends.
  package static let lifetime = Duration.seconds(5)
  /// How long an unknown key is taken for unknown: short, so that a key works at once where it was tried too early.
  package static let absenceLifetime = Duration.seconds(1)
  /// Found keys that are kept: a few hundred bytes each.
  package static let maximumFound = 20_000
  /// Unknown keys that are kept, apart from the found ones, so that guessing cannot push those out.
  package static let maximumAbsent = 2_000

  private struct Entry {
    var principal: Principal
    var until: Duration
  }

  /// What the cache knows of a key.
  package enum Knowledge: Sendable, Equatable {
    /// It stands for this principal.
    case found(Principal)
    /// No such key.
    case absent
    /// Ask the store.
    case unknown
  }

  private var found: [Digest32: Entry] = [:]
  private var absent: [Digest32: Duration] = [:]

  /// An empty cache.
  package init() {}

  /// What is known of a key at `now`.
  package func knowledge(of hash: Digest32, at now: Duration) -> Knowledge {
    if let entry = found[hash], now < entry.until { return .found(entry.principal) }
    if let until = absent[hash], now < until { return .absent }
    return .unknown
  }

  /// Takes in what the store said of a key at `now`; nil: there is none.
  package mutating func learn(_ principal: Principal?, of hash: Digest32, at now: Duration) {
    if let principal {
      absent[hash] = nil
      if found.count >= KeyCache.maximumFound, found[hash] == nil { makeRoom(at: now) }
      found[hash] = Entry(principal: principal, until: now + KeyCache.lifetime)
    } else {
      found[hash] = nil
      if absent.count >= KeyCache.maximumAbsent, absent[hash] == nil { absent = absent.filter { now < $0.value } }
      if absent.count >= KeyCache.maximumAbsent { absent.removeAll(keepingCapacity: true) }
      absent[hash] = now + KeyCache.absenceLifetime
    }
  }

  /// Found keys that are kept now.
  package var foundCount: Int { found.count }
  /// Unknown keys that are kept now.
  package var absentCount: Int { absent.count }

  private mutating func makeRoom(at now: Duration) {
    found = found.filter { now < $0.value.until }
    // All of them are in use: forgetting them costs each one question to the store.
    if found.count >= KeyCache.maximumFound { found.removeAll(keepingCapacity: true) }
  }
}
