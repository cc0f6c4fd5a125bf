package import Ledger
import LedgerStore
package import Logging
import Metrics
import NIOPosix
import ServiceLifecycle
package import TransparencyLog

/// Performs what `SignerMachine` wants done, for as long as the gateway runs. It decides nothing itself. What fails is
/// told as nil, since the machine tries again: edits never wait for it.
///
/// It must stop after the server, so that the last heads cover the last edits.
package actor SignerService: Service {
  /// What the signer works with.
  package struct Parts: Sendable {
    /// The ledger's store.
    package var ledger: any SignerLedger
    /// The keys that sign every head, the newest first: two while one takes the other's place.
    package var keys: [NoteSigningKey]
    /// This run of the gateway.
    package var instance: InstanceID
    /// Folder of the state file (`SignerStateFile.folder(inDataFolder:)`).
    package var folder: String
    /// The time.
    package var clock: GatewayClock
    /// The id of a first state file.
    package var ids: GatewayIDs
    /// Where the metrics go.
    package var registry: PrometheusRegistry
    /// Where it tells what it does.
    package var logger: Logger

    /// Parts, with the machine's clocks and random numbers.
    package init(
      ledger: any SignerLedger, keys: [NoteSigningKey], instance: InstanceID, folder: String,
      clock: GatewayClock = .system, ids: GatewayIDs = .system, registry: PrometheusRegistry, logger: Logger
    ) {
      self.ledger = ledger
      self.keys = keys
      self.instance = instance
      self.folder = folder
      self.clock = clock
      self.ids = ids
      self.registry = registry
      self.logger = logger
    }
  }

  /// What the answers to the last questions may take on top of the last heads.
  private static let endingGrace = Duration.seconds(3)

  private let parts: Parts
  private let settings: SignerSettings
  nonisolated var logger: Logger { parts.logger }
  nonisolated var registry: PrometheusRegistry { parts.registry }
  private var machine: SignerMachine
  private var file: SignerStateFile?
  private var hasEnded = false
  /// Questions under way, so that none outlives the service.
  private var openQuestions = 0

  /// A signer that has not begun.
  package init(_ settings: SignerSettings, _ parts: Parts) {
    self.settings = settings
    self.parts = parts
    machine = SignerMachine(settings, keys: parts.keys.map(\.verifier), instance: parts.instance)
  }

  /// Signs until a graceful shutdown or a cancellation; after a shutdown once more what is not signed yet.
  package func run() async {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await self.handle(.tick)
        // Ends early when the service is to stop; then nothing is left to wait for.
        try? await Task.sleep(for: self.settings.tickInterval)
      }
    }
    handle(.stop)
    let deadline = parts.clock.monotonic() + settings.lastHeadsWithin + Self.endingGrace
    while !(hasEnded && openQuestions == 0), !Task.isCancelled, parts.clock.monotonic() < deadline {
      try? await Task.sleep(for: .milliseconds(10))
      handle(.tick)
    }
    file = nil
  }

  private func handle(_ event: SignerEvent) {
    guard !hasEnded else { return }
    let effects = machine.handle(event, now: parts.clock.monotonic(), time: parts.clock.now())
    for effect in effects { perform(effect) }
  }

  private func perform(_ effect: SignerEffect) {
    switch effect {
    case .tell(let news): report(news)
    case .ended: hasEnded = true
    default:
      openQuestions += 1
      Task {
        let event = await answer(to: effect)
        openQuestions -= 1
        if let event { handle(event) }
      }
    }
  }

  private func answer(to effect: SignerEffect) async -> SignerEvent? {
    let (ledger, lease) = (parts.ledger, settings.lease)
    switch effect {
    case .readFile: return .fileRead(await readFile())
    case .readLease:
      return .leaseRead(
        await optional {
          LeaseLook(lease: try await ledger.signerLease(), hasHeads: try await ledger.hasSignedHeads())
        })
    case .makeState: return .stateMade(await makeState())
    case .takeLease(let state, let term, let sentAt):
      let taken = await optional {
        try await ledger.takeSignerLease(state: state, after: term, for: lease)
          .map { LeaseAnswer.taken(term: $0) } ?? .refused
      }
      return .leaseTaken(taken, sentAt: sentAt)
    case .renewLease(let term, let sentAt):
      return .leaseRenewed(
        await optional { try await ledger.renewSignerLease(term: term, for: lease) }, sentAt: sentAt)
    case .endLease(let term):
      _ = await optional { try await ledger.endSignerLease(term: term) }
      return nil
    case .readRequests(let limit):
      return .requestsRead(await optional { try await ledger.headRequests(limit: limit) })
    case .readTips(let teams): return .tipsRead(await optional { try await ledger.logTips(of: teams) })
    case .readPage(let team, let limit):
      return .tipsRead(await optional { try await ledger.logTips(after: team, limit: limit) })
    case .readRows(let rows): return .rowsRead(await optional { try await ledger.treeRows(rows) })
    case .note(let heads): return .noted(await note(heads))
    case .sign(let heads, let term): return .stored(await sign(heads, term: term))
    case .forget(let requests):
      _ = await optional { try await ledger.forget(requests) }
      return nil
    case .halt(let team, let origin, let cause, let signed):
      _ = await optional {
        try await ledger.haltLog(of: team, origin: origin, cause: cause, signedSize: signed)
      }
      return nil
    case .tell, .ended: return nil
    }
  }

  private func optional<Value: Sendable>(_ body: () async throws -> Value) async -> Value? {
    do {
      return try await body()
    } catch {
      parts.logger.debug("the signer could not ask the database", metadata: ["cause": "\(error)"])
      return nil
    }
  }

  /// Signs heads that stand in the state file, and stores them.
  private func sign(_ heads: [(team: TeamID, head: NewHead)], term: Int64) async -> Bool? {
    let (ledger, keys, now) = (parts.ledger, parts.keys, parts.clock.now())
    let stored = await optional {
      let signed = try heads.map { team, head in
        let text = try Checkpoint(origin: head.origin, size: head.signed.size, root: head.signed.root).text
        return LogHead(
          team: team, origin: head.origin, size: head.signed.size, root: head.signed.root,
          note: try SignedNote(text: text, signedBy: keys).bytes, signedAt: now)
      }
      return try await ledger.storeHeads(signed, term: term)
    }
    if stored == true {
      Counter(label: "tally_heads_signed_total", factory: parts.registry).increment(by: heads.count)
    }
    return stored
  }
}

// MARK: - The state file

extension SignerService {
  /// Files are written by a thread that may wait for a disk.
  private func onFile<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await NIOThreadPool.singleton.runIfActive(body)
  }

  private func readFile() async -> SignerFile {
    let folder = parts.folder
    do {
      file = nil
      file = try await onFile { try SignerStateFile.open(folder: folder) }
      return file.map { .found($0.state) } ?? .missing
    } catch {
      return .damaged("\(error)")
    }
  }

  private func makeState() async -> SignerState? {
    let (folder, state) = (parts.folder, SignerState(id: SignerStateID(bits: parts.ids.randomBits())))
    do {
      file = try await onFile {
        try SignerStateFile.write(state, folder: folder)
        return try SignerStateFile.open(folder: folder)
      }
      return file?.state
    } catch {
      parts.logger.error("The signer's state file cannot be made.", metadata: ["cause": "\(error)"])
      return nil
    }
  }

  private func note(_ heads: [NewHead]) async -> Bool {
    guard let file else { return false }
    do {
      try await onFile { try file.note(heads) }
      return true
    } catch {
      parts.logger.error("The signer's state file cannot be written.", metadata: ["cause": "\(error)"])
      return false
    }
  }
}
