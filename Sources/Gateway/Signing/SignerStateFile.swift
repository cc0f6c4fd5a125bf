import Glibc
import LedgerStore
import Synchronization

/// The signer's state file, `signer/log.state` in the data folder: what was signed is on the disk before a signature
/// leaves this process, so that no later run signs anything that contradicts it (docs/audit.md, the signer).
///
/// Heads are appended; when most lines have been replaced, the file is written anew beside and put in its place in one
/// step.
package final class SignerStateFile: Sendable {
  private struct Contents {
    var descriptor: Int32
    /// Where the file stood when it was opened.
    var place: [UInt8]?
    var state: SignerState
    var chain: SignerState.SignerStateChain
    /// Lines of logs, replaced ones included.
    var lineCount: Int
    /// What an append failed in the middle of is cut off before anything else is written.
    var wholeBytes: Int64
    var isTorn: Bool
  }

  /// Lines that are replaced before the file is written anew.
  private static let spareLines = 4_096

  private let folder: String
  private let contents: Mutex<Contents>

  /// The folder of the state file in a data folder.
  package static func folder(inDataFolder dataFolder: String) -> String { dataFolder + "/signer" }

  private static func path(in folder: String) -> String { folder + "/log.state" }

  /// Opens the file of `folder` to go on with it; nil where there is none.
  /// - Throws: `SignerStateFault` for a file that is damaged; `FileFault` for one that cannot be read.
  package static func open(folder: String) throws -> SignerStateFile? {
    let path = path(in: folder)
    guard access(path, F_OK) == 0 else {
      guard errno == ENOENT else { throw FileFault("open", path: path, errno) }
      return nil
    }
    return try SignerStateFile(folder: folder)
  }

  /// The state in the file of `folder`; nil where there is none.
  /// - Throws: as `open(folder:)`.
  package static func state(inFolder folder: String) throws -> SignerState? {
    try open(folder: folder)?.state
  }

  /// Writes `state` as the file of `folder`, durable when this returns. A file that is there is replaced in one step.
  /// - Throws: `FileFault`.
  package static func write(_ state: SignerState, folder: String) throws(FileFault) {
    try PrivateFile.makeFolder(folder)
    let path = path(in: folder)
    let next = path + ".next"
    unlink(next)
    let descriptor = try PrivateFile.create(next)
    defer { close(descriptor) }
    try PrivateFile.append(Array(state.text.utf8), to: descriptor, path: next)
    try PrivateFile.sync(descriptor, path: next)
    guard rename(next, path) == 0 else { throw FileFault("replace", path: path, errno) }
    try PrivateFile.syncFolder(folder)
  }

  private init(folder: String) throws {
    self.folder = folder
    contents = Mutex(try SignerStateFile.read(folder: folder))
  }

  deinit {
    contents.withLock { _ = close($0.descriptor) }
  }

  private static func read(folder: String) throws -> Contents {
    let path = path(in: folder)
    let bytes = try PrivateFile.read(path, limit: SignerState.longestFile)
    let read = try SignerState.read(bytes)
    let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFault("open", path: path, errno) }
    return Contents(
      descriptor: descriptor, place: place(of: descriptor), state: read.state, chain: read.chain,
      lineCount: read.lineCount,
      wholeBytes: Int64(read.byteCount), isTorn: read.byteCount != bytes.count)
  }

  /// What stands in the file.
  package var state: SignerState { contents.withLock { $0.state } }

  /// Notes heads, on the disk when this returns: only then may they be signed.
  /// - Throws: `FileFault`; then some of them may stand in the file, which is no harm: nothing was signed.
  package func note(_ heads: [NewHead]) throws(FileFault) {
    try contents.withLock { contents throws(FileFault) in
      try checkPlace(contents)
      if contents.isTorn {
        guard ftruncate(contents.descriptor, off_t(contents.wholeBytes)) == 0 else {
          throw FileFault("cut", path: Self.path(in: folder), errno)
        }
        contents.isTorn = false
      }
      var chain = contents.chain
      let text = Array(heads.map { chain.line(of: $0) }.joined().utf8)
      contents.isTorn = true
      try PrivateFile.append(text, to: contents.descriptor, path: Self.path(in: folder))
      try PrivateFile.sync(contents.descriptor, path: Self.path(in: folder))
      contents.isTorn = false
      contents.chain = chain
      contents.lineCount += heads.count
      contents.wholeBytes += Int64(text.count)
      for head in heads { contents.state.heads[head.origin] = head.signed }
      if contents.lineCount > 2 * contents.state.heads.count + Self.spareLines { shorten(&contents) }
    }
  }

  /// Throws where another file stands in this one's place: `tally audit recover` has made it.
  private func checkPlace(_ contents: Contents) throws(FileFault) {
    guard Self.place(of: contents.descriptor) == contents.place else {
      throw FileFault("go on with", path: Self.path(in: folder), ESTALE)
    }
  }

  /// Where an open file stands now, as the kernel has it: the name of one that was replaced ends in " (deleted)".
  private static func place(of descriptor: Int32) -> [UInt8]? {
    var name = [CChar](repeating: 0, count: Int(PATH_MAX) + 16)
    let count = readlink("/proc/self/fd/\(descriptor)", &name, name.count)
    return count > 0 ? name.prefix(count).map { UInt8(bitPattern: $0) } : nil
  }

  /// Writes the file anew without what was replaced. Where that fails the old one goes on.
  private func shorten(_ contents: inout Contents) {
    guard (try? Self.write(contents.state, folder: folder)) != nil, let new = try? Self.read(folder: folder) else {
      return
    }
    close(contents.descriptor)
    contents = new
  }
}
