import DequeModule
import Ledger
import LedgerStore

/// Recovery as a pure machine: event in, effects out (docs/ledger.md). It keeps this run's lease, finishes what earlier
/// runs on this machine left, puts in doubt what nobody is at work on, and resolves what is in doubt: by asking the
/// upstream, or by the team's policy.
///
///     began ──▶ replay journals ──▶ find all held ──▶ sweep, look, resolve doubts, … at their intervals
///
/// Any number of gateways may run it at once: each booking is decided under the team's lock, and the first one counts.
package struct RecoveryMachine: Sendable {
  private enum Phase: Sendable {
    /// Journals come first: what they know must not be put in doubt.
    case replaying(open: Int)
    /// The first look at everything that is held.
    case finding
    /// Regular work.
    case working
  }

  /// Notes of an earlier run on this machine.
  struct EarlierRun: Sendable {
    var notes: FoundNotes
    /// Bookings of its edits that are under way.
    var bookings: Set<EditName> = []
    /// A booking was refused or given up: its notes stay for the next start.
    var hasFailed = false
    /// Its doubts were looked at.
    var hasSeenDoubts = false
  }

  /// A journal of an earlier run on this machine.
  private struct EarlierJournal: Sendable {
    /// Bookings that are not answered yet.
    var open: Int
    /// A booking was refused for good: the file stays for the operator.
    var isRefused = false
  }

  let settings: RecoverySettings
  private var phase = Phase.replaying(open: 0)
  private var hasBegun = false
  /// Journals of earlier runs that are not booked yet.
  private var journals: [String: EarlierJournal] = [:]
  /// Earlier runs on this machine that are not finished with.
  var earlierRuns: [InstanceID: EarlierRun] = [:]
  /// Held edits that were seen and are looked at again, in turn; the set keeps each in it once.
  private var watchQueue: Deque<EditName> = []
  private var watched: Set<EditName> = []
  /// Those that are being looked at.
  private var looking: [EditName] = []
  /// Up to here held edits were looked for.
  private var sweptUpTo: Timestamp?
  /// What had been committed by the time of the first look is found when a sweep gets here.
  private var lateCommitsUpTo: Timestamp?
  private var underWay: Set<Work> = []
  private var due: [Work: Duration] = [:]

  /// Work that is done at intervals, one of each at a time.
  enum Work: Hashable, CaseIterable, Sendable {
    case renewing, sweeping, findingDue, findingAll, pruning
  }

  /// Recovery of a run that is about to begin.
  package init(_ settings: RecoverySettings) {
    self.settings = settings
  }

  /// Takes in what happened and says what is to be done. `now` is the gateway's monotonic time.
  package mutating func handle(_ event: RecoveryEvent, now: Duration) -> [RecoveryEffect] {
    switch event {
    case .began(let leftovers): return begin(leftovers, now)
    case .tick: return tick(now)
    case .renewed(let isKnown, let sentAt): return renewed(isKnown, sentAt, now)
    case .foundAll(let found): return foundAll(found, now)
    case .swept(let found): return swept(found, now)
    case .looked(let found): return looked(found, now)
    case .foundDoubts(let run, let found): return foundDoubts(of: run, found)
    case .foundDue(let found): return foundDue(found, now)
    case .claimed(let doubt, let step, let isOurs): return isOurs ? takeUp(doubt, step) : []
    case .asked(let doubt, let outcome): return Self.booking(of: doubt, outcome).map { [.book($0)] } ?? []
    case .booked(let booking, let result): return booked(booking, result, now)
    case .pruned:
      finish(.pruning, again: now + settings.pruneInterval)
      return []
    }
  }

  /// Whether everything that earlier runs on this machine left is finished with.
  package var isThroughWithEarlierRuns: Bool {
    if case .working = phase { return earlierRuns.isEmpty && journals.isEmpty }
    return false
  }
}

// MARK: - Beginning

extension RecoveryMachine {
  private mutating func begin(_ leftovers: Leftovers, _ now: Duration) -> [RecoveryEffect] {
    hasBegun = true
    var effects: [RecoveryEffect] = []
    for notes in leftovers.notes { earlierRuns[notes.instance] = EarlierRun(notes: notes) }
    var open = 0
    for journal in leftovers.journals {
      if journal.unreadable > 0 {
        effects.append(.alert(.unreadableJournal(name: journal.name, lines: journal.unreadable)))
      }
      journals[journal.name] = EarlierJournal(open: journal.entries.count)
      open += journal.entries.count
      if journal.entries.isEmpty { effects += finishJournal(journal.name) }
      effects += journal.entries.map { .book(RecoveryBooking($0, .journal(journal.name))) }
    }
    phase = .replaying(open: open)
    due = [
      .renewing: now + settings.renewInterval, .findingAll: now, .sweeping: now, .findingDue: now,
      .pruning: now + settings.pruneInterval,
    ]
    return effects + beginFinding()
  }

  private mutating func beginFinding() -> [RecoveryEffect] {
    guard case .replaying(open: 0) = phase else { return [] }
    phase = .finding
    return []
  }

  private mutating func booked(
    _ booking: RecoveryBooking, _ result: Result<BookingAnswer, StoreError>, _ now: Duration
  ) -> [RecoveryEffect] {
    let isDone = Self.isDone(booking.booking, result)
    switch booking.reason {
    case .journal(let name): return bookedJournal(name, booking, isDone)
    case .notes(let run):
      earlierRuns[run]?.bookings.remove(booking.name)
      if !isDone { earlierRuns[run]?.hasFailed = true }
      return finishEarlierRuns()
    case .abandoned:
      if !isDone { watch(booking.name) }
      return []
    case .upstream, .policy:
      // What failed is due again by itself.
      return []
    }
  }

  private mutating func bookedJournal(_ name: String, _ booking: RecoveryBooking, _ isDone: Bool) -> [RecoveryEffect] {
    var effects: [RecoveryEffect] = []
    journals[name]?.open -= 1
    if !isDone {
      journals[name]?.isRefused = true
      effects.append(.alert(.journalRefused(booking.booking.record)))
    }
    effects += finishJournal(name)
    if case .replaying(let open) = phase { phase = .replaying(open: open - 1) }
    return effects + beginFinding()
  }

  private mutating func finishJournal(_ name: String) -> [RecoveryEffect] {
    guard let journal = journals[name], journal.open == 0 else { return [] }
    journals[name] = nil
    return journal.isRefused ? [] : [.removeJournal(name)]
  }

  /// Whether nothing is left to be done of a booking.
  private static func isDone(_ booking: Booking, _ result: Result<BookingAnswer, StoreError>) -> Bool {
    guard case .failure(let error) = result else { return true }
    // What is not in the ledger needs no release; a charge without its hold is the operator's to look at.
    guard case .unknownHold = error.reason else { return false }
    if case .settle = booking { return false }
    return true
  }
}

// MARK: - Intervals

extension RecoveryMachine {
  private mutating func tick(_ now: Duration) -> [RecoveryEffect] {
    guard hasBegun else { return [] }
    var effects: [RecoveryEffect] = []
    if start(.renewing, now) { effects.append(.renew(sentAt: now)) }
    switch phase {
    case .replaying: break
    case .finding:
      if start(.findingAll, now) { effects.append(.findAll) }
    case .working:
      if start(.findingAll, now) { effects.append(.findAll) }
      if start(.pruning, now) { effects.append(.prune) }
      if start(.findingDue, now) { effects.append(.findDue) }
      if let sweptUpTo, start(.sweeping, now) { effects.append(.sweep(from: sweptUpTo)) }
    }
    return effects
  }

  /// Whether work is due and not under way; then it is.
  private mutating func start(_ work: Work, _ now: Duration) -> Bool {
    guard let moment = due[work], moment <= now else { return false }
    return underWay.insert(work).inserted
  }

  mutating func finish(_ work: Work, again moment: Duration) {
    underWay.remove(work)
    due[work] = moment
  }

  private mutating func renewed(_ isKnown: Bool?, _ sentAt: Duration, _ now: Duration) -> [RecoveryEffect] {
    switch isKnown {
    case true:
      finish(.renewing, again: sentAt + settings.renewInterval)
      return [.extendLease(until: sentAt + settings.lease)]
    case false:
      finish(.renewing, again: now + settings.renewInterval)
      return [.alert(.unknownRun)]
    case nil:
      finish(.renewing, again: now + settings.renewRetry)
      return []
    }
  }

  private mutating func foundAll(_ found: HeldEdits?, _ now: Duration) -> [RecoveryEffect] {
    guard let found else {
      finish(.findingAll, again: now + settings.sweepInterval)
      return []
    }
    finish(.findingAll, again: now + settings.findAllInterval)
    var effects = take(found)
    if case .finding = phase {
      phase = .working
      sweptUpTo = found.now.adding(.zero - settings.lag)
      lateCommitsUpTo = found.now
      effects += earlierRuns.keys.sorted().map { .findDoubts(of: $0) }
    }
    return effects
  }

  private mutating func swept(_ found: HeldEdits?, _ now: Duration) -> [RecoveryEffect] {
    guard let found, let upTo = found.upTo else {
      finish(.sweeping, again: now + settings.sweepInterval)
      return []
    }
    // A look that was cut goes on at once.
    let isCut = found.edits.count >= settings.lookLimit && upTo != sweptUpTo
    sweptUpTo = max(sweptUpTo ?? upTo, upTo)
    let effects = take(found) + finishEarlierRuns()
    if !isCut, looking.isEmpty, !watchQueue.isEmpty {
      looking = Array(watchQueue.prefix(settings.lookLimit))
      watchQueue.removeFirst(looking.count)
      watched.subtract(looking)
      return effects + [.look(looking)]
    }
    finish(.sweeping, again: isCut ? now : now + settings.sweepInterval)
    return effects
  }

  /// Those of the watched edits that are still held are looked at again; the others were resolved by whoever is at work
  /// on them.
  private mutating func looked(_ found: HeldEdits?, _ now: Duration) -> [RecoveryEffect] {
    finish(.sweeping, again: now + settings.sweepInterval)
    let names = looking
    looking = []
    guard let found else {
      for name in names { watch(name) }
      return []
    }
    return take(found)
  }

  /// Looks at a held edit again later.
  mutating func watch(_ name: EditName) {
    if watched.insert(name).inserted { watchQueue.append(name) }
  }

  /// Whether everything that an earlier run may have committed up to its end was seen.
  var hasSeenLateCommits: Bool {
    guard let sweptUpTo, let lateCommitsUpTo else { return false }
    return sweptUpTo >= lateCommitsUpTo
  }
}
