import Ledger
package import LedgerStore

/// What earlier runs left in the gateway's folder.
package struct Leftovers: Sendable {
  /// Their dispatch notes.
  package var notes: [FoundNotes] = []
  /// Their journals.
  package var journals: [FoundJournal] = []

  /// Nothing.
  package init() {}
}

/// A journal that an earlier run left behind.
package struct FoundJournal: Sendable {
  /// Its file's name.
  package var name: String
  /// What was to be booked, in the order of its lines.
  package var entries: [Booking]
  /// Lines that cannot be read.
  package var unreadable: Int

  /// A journal.
  package init(name: String, entries: [Booking], unreadable: Int) {
    self.name = name
    self.entries = entries
    self.unreadable = unreadable
  }
}
