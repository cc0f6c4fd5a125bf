import Glibc
package import Ledger
package import LedgerStore
import Synchronization

/// The settlement journal of one run of the gateway: what became of each edit, written before it is booked and kept until
/// that is committed (docs/ledger.md).
///
/// A line is one `write(2)`, so it survives the end of this process; it is put on the disk only when the booking does not
/// get through, because the database is away. The journal goes through files of bounded size, each removed when
/// everything in it is booked. Entries may be booked once more from what is found at the next start: a booking that was
/// done reports its first outcome.
package final class SettlementJournal: Sendable {
  private struct Segment {
    var descriptor: Int32
    var bytes: Int64 = 0
    /// Edits of which something in it is not booked yet.
    var open: Set<RecordID> = []
  }

  private struct State {
    var segments: [Int: Segment] = [:]
    var current = 0
  }

  /// From this size on a file gets no more entries: some thousand.
  package static let segmentBytes: Int64 = 1_024 * 1_024
  /// What the names of these files end with.
  package static let fileSuffix = ".journal"

  private let folder: String
  private let instance: InstanceID
  private let segmentBytes: Int64
  private let state = Mutex(State())

  /// The journal of a run. Files are made with the first entry.
  ///
  /// - Parameters:
  ///   - folder: the folder of all runs' journals; made where it is missing.
  ///   - instance: the run.
  ///   - segmentBytes: from which size on a file gets no more entries.
  /// - Throws: `FileFault`.
  package init(
    folder: String, instance: InstanceID, segmentBytes: Int64 = SettlementJournal.segmentBytes
  ) throws(FileFault) {
    self.folder = folder
    self.instance = instance
    self.segmentBytes = segmentBytes
    try PrivateFile.makeFolder(folder)
  }

  deinit {
    state.withLock { state in
      for segment in state.segments.values { close(segment.descriptor) }
    }
  }

  /// Writes down what is going to be booked.
  /// - Throws: `FileFault`; the booking goes on without its entry then.
  package func append(_ booking: Booking) throws(FileFault) {
    let line = JournalEntry(booking).line
    try state.withLock { state throws(FileFault) in
      if let segment = state.segments[state.current], segment.bytes >= segmentBytes { state.current += 1 }
      let path = path(of: state.current)
      var segment: Segment
      if let current = state.segments[state.current] {
        segment = current
      } else {
        segment = Segment(descriptor: try PrivateFile.create(path))
      }
      // Entered even when the line is torn: then the file is removed with the booking as any other.
      segment.open.insert(booking.record)
      defer { state.segments[state.current] = segment }
      do throws(FileFault) {
        try PrivateFile.append(line, to: segment.descriptor, path: path)
        segment.bytes += Int64(line.count)
      } catch {
        _ = ftruncate(segment.descriptor, off_t(segment.bytes))
        throw error
      }
    }
  }

  /// Waits until the entries of an edit are on the disk. It blocks its thread.
  /// - Throws: `FileFault`.
  package func secure(_ record: RecordID) throws(FileFault) {
    let descriptors = state.withLock { state in
      // Copies, since another edit's booking may close and remove the file meanwhile.
      state.segments.values.filter { $0.open.contains(record) }.map { dup($0.descriptor) }
    }
    defer { for descriptor in descriptors { close(descriptor) } }
    for descriptor in descriptors { try PrivateFile.sync(descriptor, path: folder) }
    try PrivateFile.syncFolder(folder)
  }

  /// What the edit's entries say is booked. A file without open entries is emptied, or removed where it is full.
  package func finish(_ record: RecordID) {
    state.withLock { state in
      for number in Array(state.segments.keys) {
        guard state.segments[number]?.open.remove(record) != nil, var segment = state.segments[number],
          segment.open.isEmpty
        else { continue }
        if number == state.current {
          guard segment.bytes > 0, ftruncate(segment.descriptor, 0) == 0 else { continue }
          segment.bytes = 0
          state.segments[number] = segment
        } else {
          unlink(path(of: number))
          close(segment.descriptor)
          state.segments[number] = nil
        }
      }
    }
  }

  /// The end of a run in good order: removes the files that hold nothing open.
  ///
  /// - Returns: how many edits are still open.
  @discardableResult
  package func closeIfEmpty() -> Int {
    state.withLock { state in
      for (number, segment) in state.segments where segment.open.isEmpty {
        unlink(path(of: number))
        close(segment.descriptor)
        state.segments[number] = nil
      }
      return state.segments.values.reduce(into: Set<RecordID>()) { $0.formUnion($1.open) }.count
    }
  }

  private func path(of number: Int) -> String {
    "\(folder)/\(instance)-\(number)\(Self.fileSuffix)"
  }
}
