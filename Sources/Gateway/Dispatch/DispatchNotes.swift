import Glibc
package import Ledger
import Synchronization

/// The dispatch notes of one run of the gateway: the record of every edit whose first byte may have gone out, in a file
/// that survives the end of this process (docs/ledger.md, "Dispatch note").
///
/// A hold of this run that has no note was provably never sent. A note is one `write(2)` without a sync, some
/// microseconds: it need not survive the end of the machine, since after that nothing in the file is believed.
package final class DispatchNotes: Sendable {
  private struct State {
    var descriptor: Int32
    var bytes: Int64
    /// Edits that are noted and not booked yet: what a new file has to begin with.
    var open: Set<RecordID> = []
    var isUsable = true
  }

  /// From this size on the file is written anew with the open edits alone: some 100,000 notes.
  package static let rewriteBytes: Int64 = 4 * 1_024 * 1_024

  private let heading: DispatchNotesHeading
  private let path: String
  private let rewriteBytes: Int64
  private let state: Mutex<State>

  /// Begins the file of a run, on the disk together with its folder when this returns.
  ///
  /// - Parameters:
  ///   - folder: the folder of all runs' notes; made where it is missing.
  ///   - heading: the run and the machine's boot.
  ///   - rewriteBytes: from which size on the file is written anew.
  /// - Throws: `FileFault`; also where the run has a file already.
  package init(
    folder: String, heading: DispatchNotesHeading, rewriteBytes: Int64 = DispatchNotes.rewriteBytes
  ) throws(FileFault) {
    self.heading = heading
    self.rewriteBytes = rewriteBytes
    path = folder + "/" + heading.fileName
    try PrivateFile.makeFolder(folder)
    let descriptor = try PrivateFile.create(path)
    let text = Array(heading.line.utf8)
    try PrivateFile.append(text, to: descriptor, path: path)
    try PrivateFile.sync(descriptor, path: path)
    try PrivateFile.syncFolder(folder)
    state = Mutex(State(descriptor: descriptor, bytes: Int64(text.count)))
  }

  deinit {
    state.withLock { _ = close($0.descriptor) }
  }

  /// Notes that the edit's first byte may go out now.
  ///
  /// - Returns: false where it could not be noted: then nothing may be sent.
  package func add(_ record: RecordID) -> Bool {
    state.withLock { state in
      guard state.isUsable else { return false }
      if state.bytes >= rewriteBytes { rewrite(&state) }
      let line = Array("\(record)\n".utf8)
      do {
        try PrivateFile.append(line, to: state.descriptor, path: path)
      } catch {
        // A torn line would make the whole file unbelievable; without one the next note may still work.
        state.isUsable = ftruncate(state.descriptor, off_t(state.bytes)) == 0
        return false
      }
      state.bytes += Int64(line.count)
      state.open.insert(record)
      return true
    }
  }

  /// What became of the edit is committed: its note is not needed any more.
  package func remove(_ record: RecordID) {
    state.withLock { _ = $0.open.remove(record) }
  }

  /// The end of a run in good order: nothing of it is open, so nobody needs the file.
  ///
  /// - Returns: false where edits are open; the file stays then.
  @discardableResult
  package func discardIfEmpty() -> Bool {
    state.withLock { state in
      guard state.open.isEmpty else { return false }
      state.isUsable = false
      return unlink(path) == 0
    }
  }

  /// Puts a file with only the open edits in the place of the grown one, in one step. Where that fails the old one goes
  /// on.
  private func rewrite(_ state: inout State) {
    let next = path + ".next"
    unlink(next)
    guard let descriptor = try? PrivateFile.create(next) else { return }
    var text = heading.line
    for record in state.open { text += "\(record)\n" }
    let bytes = Array(text.utf8)
    guard (try? PrivateFile.append(bytes, to: descriptor, path: next)) != nil, rename(next, path) == 0 else {
      close(descriptor)
      unlink(next)
      return
    }
    close(state.descriptor)
    state.descriptor = descriptor
    state.bytes = Int64(bytes.count)
  }
}
