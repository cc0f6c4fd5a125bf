import Audit
import Foundation
import Gateway
import Ledger
import LedgerStore
import TransparencyLog

/// Heads of logs that are known from outside the database: carried away, and noted by the signer. Only those count that
/// the operator's own key signed, or that stand in the signer's own state file.
struct KnownHeads {
  /// Heads that were brought, by the log's name.
  private(set) var brought: [String: SignedSize] = [:]
  /// What the signer noted; nil where its state file is not here.
  let state: SignerState?
  /// The public halves of the keys that sign; empty where they are not here.
  let keys: [NoteVerifierKey]
  /// Those and the keys that signed before them, which are kept when they are retired: what was carried away while one of
  /// them signed counts like any other head.
  private let accepted: [NoteVerifierKey]

  /// Reads them: `file` is an anchor file or one signed head; nil: none was brought.
  ///
  /// Throws `CommandFailure` where the file cannot be read, or has a head that no key of this operator signed.
  init(_ settings: SettingsReader, file: String?) throws {
    let folder = DataFolder(path: settings.text(.dataFolder) ?? "").url.path
    state = try? SignerStateFile.state(inFolder: SignerStateFile.folder(inDataFolder: folder))
    let files = KeyFiles(settings)
    keys = HeadKeys(files: files).current
    accepted = keys + files.rotation(of: .checkpoint).retiredKeys
    guard let file else { return }
    guard !keys.isEmpty else {
      throw CommandFailure(
        .failed, "heads can be relied on only by the signing key, and neither it nor its vkey is here")
    }
    do {
      if try AnchorFile.isOne(file) {
        try AnchorFile.forEachNote(in: file) { try add($1) }
      } else {
        try add(try HeldFile.note(file))
      }
    } catch let error as FileError {
      throw CommandFailure(.usage, error.description)
    } catch let error as HeldTextError {
      throw CommandFailure(.usage, error.description)
    }
  }

  private mutating func add(_ note: SignedNote) throws {
    let head: Checkpoint
    do {
      head = try Checkpoint(note, signedBy: accepted)
    } catch {
      throw CommandFailure(.usage, "a head that was brought cannot be relied on: \(error)")
    }
    let signed = SignedSize(size: head.size, root: head.root)
    if (brought[head.origin]?.size ?? -1) < head.size { brought[head.origin] = signed }
  }

  /// The newest head of a log that is known; `stored` is the database's own, which counts where the operator signed it.
  func newest(of origin: String, stored: LogHead?) -> SignedSize? {
    [brought[origin], state?.heads[origin], verified(stored, of: origin)].compactMap(\.self).max { $0.size < $1.size }
  }

  /// A head of the database, where the operator's key signed it; nil also where no key is here to tell.
  func verified(_ stored: LogHead?, of origin: String) -> SignedSize? {
    guard let stored, let note = try? SignedNote(bytes: stored.note),
      let head = try? Checkpoint(note, signedBy: accepted, origin: origin)
    else { return nil }
    return SignedSize(size: head.size, root: head.root)
  }
}
