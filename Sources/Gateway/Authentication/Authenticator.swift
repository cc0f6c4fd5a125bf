package import HTTPTypes
package import Ledger
package import LedgerStore
import Synchronization

/// Finds out whose request it is: from the headers to a principal that may act now.
package final class Authenticator: Sendable {
  /// How often a key's use is noted in the store, at most.
  package static let noteInterval = Duration.seconds(60)
  /// Keys whose last note is remembered; over it all are forgotten, and noted once more.
  private static let maximumNoted = 50_000

  private struct State {
    var cache = KeyCache()
    /// Questions to the store that are under way: one for each key, however many requests wait for it.
    var loading: [Digest32: Task<Result<Principal?, StoreError>, Never>] = [:]
    var notedAt: [KeyID: Duration] = [:]
  }

  private let ledger: any LedgerAccess
  private let clock: GatewayClock
  private let state = Mutex(State())

  /// An authenticator that asks `ledger`.
  package init(ledger: any LedgerAccess, clock: GatewayClock) {
    self.ledger = ledger
    self.clock = clock
  }

  /// The principal of a request.
  ///
  /// Throws 401 for no key, a malformed, unknown, revoked or expired one, 403 for a suspended member or team, and 503
  /// when the store cannot be asked. A key with a wrong checksum never reaches the store.
  package func principal(of headers: HTTPFields) async throws(GatewayError) -> Principal {
    let key = try KeyHeaders.key(in: headers)
    let principal: Principal?
    do {
      principal = try await load(key.hash)
    } catch {
      throw GatewayError(error)
    }
    guard let principal else { throw .unauthenticated("The API key is not valid.") }
    if let denial = principal.denial(at: clock.now()) { throw GatewayError(denial) }
    note(principal)
    return principal
  }

  /// What is known already, or the question whose answer has to be waited for.
  private enum Step {
    case known(Principal?)
    case wait(Task<Result<Principal?, StoreError>, Never>)
  }

  private func load(_ hash: Digest32) async throws(StoreError) -> Principal? {
    let now = clock.monotonic()
    let step: Step = state.withLock { state in
      switch state.cache.knowledge(of: hash, at: now) {
      case .found(let principal): return .known(principal)
      case .absent: return .known(nil)
      case .unknown: break
      }
      if let running = state.loading[hash] { return .wait(running) }
      let task = Task { await self.ask(hash) }
      state.loading[hash] = task
      return .wait(task)
    }
    switch step {
    case .known(let principal): return principal
    case .wait(let task): return try await task.value.get()
    }
  }

  private func ask(_ hash: Digest32) async -> Result<Principal?, StoreError> {
    let result: Result<Principal?, StoreError>
    do throws(StoreError) {
      result = .success(try await ledger.principal(keyHash: hash))
    } catch {
      result = .failure(error)
    }
    state.withLock { state in
      state.loading[hash] = nil
      guard case .success(let principal) = result else { return }
      // One who may not act now is asked for again each time, so that the end of a suspension counts at once.
      if let principal, principal.denial(at: clock.now()) != nil { return }
      state.cache.learn(principal, of: hash, at: clock.monotonic())
    }
    return result
  }

  /// Notes the key's use off the answer's way: the note is a convenience, and nobody waits for it.
  private func note(_ principal: Principal) {
    let now = clock.monotonic()
    let isDue = state.withLock { state in
      if let noted = state.notedAt[principal.key], now - noted < Authenticator.noteInterval { return false }
      if state.notedAt.count >= Authenticator.maximumNoted { state.notedAt.removeAll(keepingCapacity: true) }
      state.notedAt[principal.key] = now
      return true
    }
    guard isDue else { return }
    let moment = clock.now()
    Task { await ledger.noteKeyUse(team: principal.team, key: principal.key, at: moment) }
  }
}

extension Principal {
  /// Why the principal may not act at `moment`; nil when it may. Revoked and expired keys come first, since they are
  /// 401.
  package func denial(at moment: Timestamp) -> Denial? {
    if let revokedAt, revokedAt <= moment { return .keyRevoked }
    if let expiresAt, expiresAt <= moment { return .keyExpired }
    if teamStatus == .suspended { return .teamSuspended }
    if memberStatus == .suspended { return .memberSuspended }
    return nil
  }
}
