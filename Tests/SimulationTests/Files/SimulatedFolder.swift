import Gateway
import Ledger
import LedgerStore

/// One gateway's folder: dispatch notes and journals as bytes, in the product's own formats. What is appended survives a
/// killed process; what is synced survives the end of the machine.
final class SimulatedFolder {
  private struct File {
    var bytes: [UInt8] = []
    var syncedCount = 0
    /// What is not booked yet of each edit.
    var open: [RecordID: [Booking]] = [:]
    /// Up to where the last line of each edit reaches.
    var ends: [RecordID: Int] = [:]
  }

  private unowned let world: World
  private var notes: [InstanceID: File] = [:]
  private var journals: [InstanceID: File] = [:]
  private(set) var bootID: String
  /// Edits that the upstream took and gave an id, which the gateway or its journal knows.
  var taken: Set<RecordID> = []

  init(world: World) {
    self.world = world
    bootID = "boot-\(world.random.below(1_000_000))"
  }

  /// Begins a run's notes, on the disk.
  func begin(_ run: InstanceID) {
    let heading = Array(DispatchNotesHeading(instance: run, bootID: bootID).line.utf8)
    notes[run] = File(bytes: heading, syncedCount: heading.count)
  }

  /// Notes that an edit's first byte may go out.
  func note(_ record: RecordID, of run: InstanceID) {
    notes[run]?.bytes += Array("\(record)\n".utf8)
  }

  func journal(_ booking: Booking, of run: InstanceID) {
    var file = journals[run] ?? File()
    file.bytes += JournalEntry(booking).line
    file.open[booking.record, default: []].append(booking)
    file.ends[booking.record] = file.bytes.count
    journals[run] = file
  }

  /// Puts a run's journal on the disk.
  func secure(_ run: InstanceID) {
    let written = journals[run]?.bytes.count ?? 0
    journals[run]?.syncedCount = written
  }

  /// Whether something that is going to be booked stands in the journal.
  func isJournaled(_ booking: Booking, of run: InstanceID) -> Bool {
    journals[run]?.open[booking.record]?.last?.command.trace == booking.command.trace
  }

  /// Whether an edit's journal lines outlive the machine.
  func isOnDisk(_ record: RecordID, of run: InstanceID) -> Bool {
    guard let file = journals[run], let end = file.ends[record] else { return false }
    return end <= file.syncedCount
  }

  /// An edit is booked.
  func forget(_ record: RecordID, of run: InstanceID) {
    for booking in journals[run]?.open.removeValue(forKey: record) ?? [] { world.auditor.checkBooked(booking) }
    if journals[run]?.open.isEmpty == true { journals[run] = nil }
  }

  /// What earlier runs left, as `run` finds it.
  func leftovers(for run: InstanceID) -> Leftovers {
    var leftovers = Leftovers()
    for (earlier, file) in notes.sorted(by: { $0.key < $1.key }) where earlier != run {
      leftovers.notes.append(FoundNotes(instance: earlier, contents: file.bytes, bootID: bootID))
    }
    for (earlier, file) in journals.sorted(by: { $0.key < $1.key }) where earlier != run {
      let found = JournalEntry.entries(of: file.bytes)
      leftovers.journals.append(
        FoundJournal(name: "\(earlier)", entries: found.entries.map(\.booking), unreadable: found.unreadable))
    }
    return leftovers
  }

  func remove(notesOf run: InstanceID) {
    if let file = notes[run] {
      world.auditor.willRemoveNotes(FoundNotes(instance: run, contents: file.bytes, bootID: bootID))
    }
    notes[run] = nil
  }

  func remove(journal name: String) {
    guard let run = InstanceID(name), let file = journals.removeValue(forKey: run) else { return }
    for entry in JournalEntry.entries(of: file.bytes).entries { world.auditor.checkBooked(entry.booking) }
  }

  /// Journals that are not booked.
  var journalCount: Int { journals.count }

  /// The machine ends and starts again: of what was not synced some of the first bytes are there, or none.
  func restartMachine() {
    bootID = "boot-\(world.random.below(1_000_000))"
    taken = []
    for run in notes.keys.sorted() { tear(&notes[run]) }
    for run in journals.keys.sorted() { tear(&journals[run]) }
  }

  /// The gateway starts again on another machine, where nothing is.
  func moveToOtherMachine() {
    bootID = "boot-\(world.random.below(1_000_000))"
    notes = [:]
    journals = [:]
    taken = []
  }

  private func tear(_ file: inout File?) {
    guard let whole = file else { return }
    let unsynced = whole.bytes.count - whole.syncedCount
    let kept = unsynced > 0 ? world.random.below(unsynced + 1) : 0
    file?.bytes = Array(whole.bytes.prefix(whole.syncedCount + kept))
    file?.syncedCount = whole.syncedCount + kept
  }
}
