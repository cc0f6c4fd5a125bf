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
  private var last = TakenLine()

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

  /// Takes the range's next line, which begins at `offset` of the file of that name, and answers what it is. Whoever has its
  /// leaf hash gives it.
  ///
  /// Throws a `BundleFault` where it is no line or not the one that has to come, and a `FileError`.
  mutating func take(
    _ line: UnsafeRawBufferPointer, leaf known: Digest? = nil, of file: String, offset: Int64, isFirst: Bool
  ) throws -> TakenLine {
    last.index = root.size
    last.leaf = known ?? LeafHash.hash(line)
    do {
      try Line.read(line, texts: texts, into: &self)
    } catch let error as LineError {
      throw BundleFault(file, index: last.index, "cannot be read: \(error)")
    } catch let error as Misplaced {
      throw BundleFault(file, index: last.index, error.words)
    }
    // Behind the books, which look for lines before this one.
    lines.note(file, offset: offset, isFirst: isFirst)
    return last
  }
}

/// A line that is not the one that has to come.
private struct Misplaced: Error {
  var words: String
}

extension RangePass: LineTaker {
  mutating func take(_ event: EditHeld, _ header: LineHeader) throws {
    try begin(header)
    try accounts.take(event, header)
  }

  mutating func take(_ event: EditSettled, _ header: LineHeader) throws {
    try begin(header)
    let edit = try accounts.take(event, header)
    try usageFile.append(usage.row(header, event, edit, leaf: last.leaf), index: header.index)
    try focusFile.append(focus.row(header, event, edit, leaf: last.leaf), index: header.index)
  }

  mutating func take(_ event: Event, _ header: LineHeader) throws {
    try begin(header)
    guard let edit = try accounts.take(event, header, lines: lines) else { return }
    if let row = usage.row(header, event, edit, leaf: last.leaf) { try usageFile.append(row, index: header.index) }
    if let row = focus.row(header, event, edit, leaf: last.leaf) { try focusFile.append(row, index: header.index) }
  }

  /// Takes in where the line stands, and its leaf.
  private mutating func begin(_ header: LineHeader) throws {
    guard header.index == last.index else {
      throw Misplaced(words: "is out of place: it says that it is line \(header.index)")
    }
    // Both are tokens: texts of ASCII alone, which are equal where their bytes are.
    guard header.log == log else { throw Misplaced(words: "is of another log, \(header.log)") }
    last.at = header.at
    last.commitment = header.private
    root.append(last.leaf, beside: hashes)
  }
}
