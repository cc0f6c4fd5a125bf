import Gateway
import Ledger
import LedgerStore

/// One gateway's folder: dispatch notes and journals as bytes, in the product's own formats. What is appended survives a
/// killed process; what is synced survives the end of the machine.
final class SimulatedFolder {
  private struct File {
    var bytes: [UInt8] = []
    var syncedCount = 0
    /// Edits of which something in it is not booked yet.
    var open: Set<RecordID> = []
  }

  private unowned let world: World
  private var notes: [InstanceID: File] = [:]
  private var journals: [InstanceID: File] = [:]
  private(set) var bootID: String

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
    journals[run, default: File()].bytes += JournalEntry(booking).line
    journals[run]?.open.insert(booking.record)
  }

  /// Puts a run's journal on the disk.
  func secure(_ run: InstanceID) {
    let written = journals[run]?.bytes.count ?? 0
    journals[run]?.syncedCount = written
  }

  /// An edit is booked.
  func forget(_ record: RecordID, of run: InstanceID) {
    journals[run]?.open.remove(record)
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
    notes[run] = nil
  }

  func remove(journal name: String) {
    InstanceID(name).map { journals[$0] = nil }
  }

  /// The machine ends and starts again: of what was not synced some of the first bytes are there, or none.
  func restartMachine() {
    bootID = "boot-\(world.random.below(1_000_000))"
    for run in notes.keys.sorted() { tear(&notes[run]) }
    for run in journals.keys.sorted() { tear(&journals[run]) }
  }

  /// The gateway starts again on another machine, where nothing is.
  func moveToOtherMachine() {
    bootID = "boot-\(world.random.below(1_000_000))"
    notes = [:]
    journals = [:]
  }

  private func tear(_ file: inout File?) {
    guard let whole = file else { return }
    let unsynced = whole.bytes.count - whole.syncedCount
    let kept = unsynced > 0 ? world.random.below(unsynced + 1) : 0
    file?.bytes = Array(whole.bytes.prefix(whole.syncedCount + kept))
    file?.syncedCount = whole.syncedCount + kept
  }
}
