/// Whether the gateway can serve: its database answers. Asked at most once a second, and never waited for long, however
/// many load balancers ask and however stalled the database is.
package struct Readiness: Sendable {
  /// How long an answer is good.
  package static let lifetime = Duration.seconds(1)
  /// How long the database may take.
  package static let limit = Duration.seconds(2)

  private let value: FreshValue<Bool, Never>

  /// The readiness of `ledger`.
  package init(ledger: any LedgerAccess, clock: GatewayClock) {
    value = FreshValue(lifetime: Readiness.lifetime, clock: clock) {
      let promise = Promise<Bool>()
      // A task of its own, left behind when it takes too long.
      Task { promise.fulfil(await ledger.isReady) }
      return .success(await promise.value(within: Readiness.limit) ?? false)
    }
  }

  /// Whether it can.
  package var isReady: Bool {
    get async { await value.get() }
  }
}
