import Failpoints
package import Ledger
package import LedgerStore
package import Logging
import ServiceLifecycle
import Synchronization

/// Looks for budgets that have reached a threshold, and sends the messages that are due, for as long as the gateway runs.
/// Nothing of it is on the way of an edit. Any number of gateways may do so.
package struct AlertService: Service {
  /// What it works with.
  package struct Parts: Sendable {
    /// The ledger's store.
    package var ledger: any AlertLedger
    /// Tries to send a message at a time.
    package var send: @Sendable (AlertMessage, Timestamp) async -> WebhookOutcome
    /// The time.
    package var clock: GatewayClock
    /// Ids.
    package var ids: GatewayIDs
    /// Waits; throws when it is to end.
    package var pause: @Sendable (Duration) async throws -> Void
    /// Where the metrics go.
    package var registry: PrometheusRegistry
    /// Where it tells what it does.
    package var logger: Logger

    /// Parts, with the machine's clocks and random numbers.
    package init(
      ledger: any AlertLedger, send: @escaping @Sendable (AlertMessage, Timestamp) async -> WebhookOutcome,
      clock: GatewayClock = .system, ids: GatewayIDs = .system,
      pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
      registry: PrometheusRegistry, logger: Logger
    ) {
      self.ledger = ledger
      self.send = send
      self.clock = clock
      self.ids = ids
      self.pause = pause
      self.registry = registry
      self.logger = logger
    }
  }

  /// Alerts that one statement looks at.
  package static let alertsPerPage = 1_000
  /// The time between two looks at the queue.
  private static let queueInterval = Duration.seconds(1)
  /// The least time between two looks at the budgets.
  private static let budgetInterval = Duration.seconds(2)
  /// How many times as long as a look at the budgets took is waited at least until the next one.
  private static let budgetShare = 10
  /// How often a booking is tried before the message is left to the end of its lease.
  private static let bookingsMaximum = 3

  private let parts: Parts
  private let limits: AlertMachine.Limits
  private let meters: AlertMeters
  private let machine: MachineBox

  /// The machine, which the tasks of the messages share. It is never held across a suspension.
  private final class MachineBox: Sendable {
    let machine: Mutex<AlertMachine>

    init(_ machine: AlertMachine) {
      self.machine = Mutex(machine)
    }
  }

  /// A service that has looked at nothing yet.
  package init(_ parts: Parts, limits: AlertMachine.Limits = AlertMachine.Limits()) {
    self.parts = parts
    self.limits = limits
    meters = AlertMeters(factory: parts.registry)
    machine = MachineBox(AlertMachine(limits))
  }

  /// Looks and sends until a graceful shutdown or a cancellation. At a shutdown nothing new is taken up, and what is under
  /// way ends. Throws nothing: what fails is tried again.
  package func run() async throws {
    await withDiscardingTaskGroup { group in
      var nextLook = parts.clock.monotonic()
      while !Task.isCancelled, !Task.isShuttingDownGracefully {
        let start = parts.clock.monotonic()
        if start >= nextLook {
          await look()
          let end = parts.clock.monotonic()
          nextLook = end + max(Self.budgetInterval, (end - start) * Self.budgetShare)
        }
        for effect in await takeUp() { group.addTask { await carryOut(effect) } }
        do {
          try await cancelWhenGracefulShutdown { try await parts.pause(Self.queueInterval) }
        } catch {
          return
        }
      }
    }
  }

  /// Looks at every budget that has an alert, and puts messages into the queue for thresholds that were reached.
  package func look() async {
    var place: AlertPlace? = .start
    do throws(StoreError) {
      while let from = place {
        let page = try await parts.ledger.alertedBudgets(after: from, limit: Self.alertsPerPage)
        let count = try await parts.ledger.enqueue(AlertMachine.messages(of: page) { parts.ids.id() })
        meters.count(.reached, count)
        place = page.next
      }
    } catch {
      parts.logger.debug("Budgets with alerts could not be looked at.", metadata: ["cause": "\(error)"])
    }
  }

  /// Takes up what is due and does all that follows, one after the other: for tests, which want no clock in it.
  package func deliverDue() async {
    for effect in await takeUp() { await carryOut(effect) }
  }

  private func takeUp() async -> [AlertMachine.Effect] {
    let (room, busy) = machine.machine.withLock { ($0.room, $0.busyTeams) }
    guard room > 0 else { return [] }
    do throws(StoreError) {
      let due = try await parts.ledger.dueMessages(limit: room, leavingOut: busy)
      return machine.machine.withLock { $0.handle(.due(due)) }
    } catch {
      parts.logger.debug("The queue of alerts could not be looked at.", metadata: ["cause": "\(error)"])
      return []
    }
  }

  /// Carries out an effect and all that follow from it.
  private func carryOut(_ first: AlertMachine.Effect) async {
    var next: [AlertMachine.Effect] = [first]
    while let effect = next.popLast() {
      let event = await event(of: effect)
      next += machine.machine.withLock { $0.handle(event) }
    }
  }

  private func event(of effect: AlertMachine.Effect) async -> AlertMachine.Event {
    switch effect {
    case .claim(let message):
      do throws(StoreError) {
        guard let claimed = try await parts.ledger.claim(message, for: limits.lease) else { return .done(message) }
        return .claimed(claimed)
      } catch {
        return .done(message)
      }
    case .send(let message):
      let outcome = await parts.send(message, parts.clock.now())
      report(outcome, of: message)
      let chance = Int(parts.ids.randomBits() % 1_001)
      return .attempted(message, outcome, chance: chance)
    case .postpone(let message, let delay, let status):
      meters.count(.postponed)
      // Where this fails the lease ends by itself.
      try? await parts.ledger.postpone(message, by: delay, status: status)
      return .done(message)
    case .end(let message, let status, let isDelivered):
      Failpoints.pass(.alertBeforeBooking)
      await book(message, status: status, isDelivered: isDelivered)
      return .done(message)
    }
  }

  private func book(_ message: AlertMessage, status: Int64?, isDelivered: Bool) async {
    for attempt in 1...Self.bookingsMaximum {
      do throws(StoreError) {
        try await parts.ledger.end(message, status: status, isDelivered: isDelivered, by: nil)
        meters.count(isDelivered ? .delivered : .givenUp)
        return
      } catch {
        guard attempt < Self.bookingsMaximum else {
          parts.logger.error(
            "The end of an alert's message could not be booked; it is sent again.",
            metadata: metadata(message, ["cause": "\(error)"]))
          return
        }
      }
      do {
        try await parts.pause(Self.queueInterval)
      } catch {
        return
      }
    }
  }

  private func report(_ outcome: WebhookOutcome, of message: AlertMessage) {
    if outcome.isSuccess {
      parts.logger.info("An alert was delivered.", metadata: metadata(message))
    } else {
      parts.logger.warning(
        "An alert was not delivered.", metadata: metadata(message, ["cause": "\(outcome.sentence)"]))
    }
  }

  /// Never the address, which may hold a secret of the receiver's.
  private func metadata(_ message: AlertMessage, _ further: Logger.Metadata = [:]) -> Logger.Metadata {
    let own: Logger.Metadata = [
      "team": "\(message.alert.team)", "alert": "\(message.alert.id)", "message": "\(message.id)",
      "attempt": "\(message.attempts)",
    ]
    return own.merging(further) { _, new in new }
  }
}
