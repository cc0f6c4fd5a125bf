import Ledger
import TransparencyLog

/// The one pass over a range's lines, the same for whoever writes a bundle and whoever checks it: their root, their books,
/// and the tables that they make.
struct RangePass {
  let log: String
  private(set) var root: StreamingRoot
  private(set) var accounts: RangeAccounts
  private(set) var lines: any EarlierLines
  private let usage = UsageTable()
  private var focus: FocusTable
  private let texts: LineTexts
  private let usageFile: any RowFile
  private let focusFile: any RowFile
  private let hashes: StreamHashes?

  /// A pass over the lines of files in `folder`, or over lines that are written nowhere: then `earlier` is asked for those
  /// that came before. What waits of `hashes` is hashed on the way.
  init(
    folder: String, earlier: GivenLines? = nil, accounts: RangeAccounts, root: StreamingRoot, usage: any RowFile,
    focus: any RowFile, hashes: StreamHashes? = nil
  ) {
    log = accounts.log
    texts = LineTexts(log: accounts.log)
    self.accounts = accounts
    self.root = root
    lines = earlier ?? LineLookup(folder: folder, from: root.size)
    self.focus = FocusTable(team: accounts.team, log: accounts.log)
    usageFile = usage
    focusFile = focus
    self.hashes = hashes
  }

  /// Index of the next line.
  var next: Int64 { root.size }

  /// Takes the range's next line, which begins at `offset` of the file of that name, and answers its header. Whoever has its
  /// leaf hash gives it.
  ///
  /// Throws a `BundleFault` where it is no line or not the one that has to come, and a `FileError`.
  mutating func take(
    _ line: UnsafeRawBufferPointer, leaf known: Digest? = nil, of file: String, offset: Int64, isFirst: Bool
  ) throws -> LineHeader {
    let index = root.size
    let header: LineHeader
    let event: Event
    do {
      (header, event) = try Line.parse(line, texts: texts)
    } catch {
      throw BundleFault(file, index: index, "cannot be read: \(error)")
    }
    guard header.index == index else {
      throw BundleFault(file, index: index, "is out of place: it says that it is line \(header.index)")
    }
    // Both are tokens: texts of ASCII alone, which are equal where their bytes are.
    guard header.log == log else {
      throw BundleFault(file, index: index, "is of another log, \(header.log)")
    }
    lines.note(file, offset: offset, isFirst: isFirst)
    let leaf = known ?? LeafHash.hash(line)
    root.append(leaf, beside: hashes)
    guard let entry = try accounts.take(header, event, lines: lines) else { return header }
    if let row = usage.row(header, event, entry, leaf: leaf) { try usageFile.append(row, index: index) }
    if let row = focus.row(header, event, entry, leaf: leaf) { try focusFile.append(row, index: index) }
    return header
  }
}
