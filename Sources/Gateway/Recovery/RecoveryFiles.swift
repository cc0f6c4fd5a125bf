import Glibc
package import Ledger

/// The gateway's own small folder: the dispatch notes and the settlement journal of this run, and what earlier runs left
/// behind. It must outlive the process.
package struct RecoveryFiles: Sendable {
  /// The notes of this run.
  package let notes: DispatchNotes
  /// The journal of this run.
  package let journal: SettlementJournal
  private let notesFolder: String
  private let journalFolder: String
  private let bootID: String

  /// Longest file of notes or journal that is read at a start: far above what a run may leave.
  private static let longestFile = 256 * 1_024 * 1_024

  /// Begins this run's notes, on the disk when this returns.
  ///
  /// - Parameters:
  ///   - folder: the data folder, which must be this process's own.
  ///   - instance: this run.
  ///   - bootID: the machine's boot id.
  /// - Throws: `FileFault`.
  package init(folder: String, instance: InstanceID, bootID: String) throws(FileFault) {
    notesFolder = folder + "/dispatch"
    journalFolder = folder + "/journal"
    self.bootID = bootID
    notes = try DispatchNotes(
      folder: notesFolder, heading: DispatchNotesHeading(instance: instance, bootID: bootID))
    journal = try SettlementJournal(folder: journalFolder, instance: instance)
    self.instance = instance
  }

  /// This run.
  package let instance: InstanceID

  /// What earlier runs left behind.
  /// - Throws: `FileFault`.
  package func leftovers() throws(FileFault) -> Leftovers {
    var leftovers = Leftovers()
    for name in try PrivateFile.names(in: notesFolder, suffix: DispatchNotesHeading.fileSuffix) {
      guard let run = InstanceID(name.dropLast(DispatchNotesHeading.fileSuffix.utf8.count)), run != instance else {
        continue
      }
      // A file that cannot be read tells nothing, like one that is damaged.
      let contents = (try? PrivateFile.read("\(notesFolder)/\(name)", limit: Self.longestFile)) ?? []
      leftovers.notes.append(FoundNotes(instance: run, contents: contents, bootID: bootID))
    }
    for name in try PrivateFile.names(in: journalFolder, suffix: SettlementJournal.fileSuffix)
    where !name.hasPrefix("\(instance)") {
      let path = "\(journalFolder)/\(name)"
      let found = JournalEntry.entries(of: try PrivateFile.read(path, limit: Self.longestFile))
      leftovers.journals.append(
        FoundJournal(name: name, entries: found.entries.map(\.booking), unreadable: found.unreadable))
    }
    return leftovers
  }

  /// Removes the notes of an earlier run, of which nothing is open any more.
  package func remove(notesOf run: InstanceID) {
    unlink("\(notesFolder)/\(DispatchNotesHeading(instance: run, bootID: bootID).fileName)")
  }

  /// Removes an earlier run's journal, of which everything is booked.
  package func remove(journal name: String) {
    unlink("\(journalFolder)/\(name)")
  }

  /// Removes this run's own files where nothing in them is open; for the end in good order.
  /// - Returns: false where something is.
  @discardableResult
  package func close() -> Bool {
    journal.closeIfEmpty() == 0 && notes.discardIfEmpty()
  }

  /// The boot id of this machine; the empty string, which is no boot's id, where the system does not tell.
  package static func systemBootID() -> String {
    let bytes = (try? PrivateFile.read("/proc/sys/kernel/random/boot_id", limit: 4_096)) ?? []
    return String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
  }
}
