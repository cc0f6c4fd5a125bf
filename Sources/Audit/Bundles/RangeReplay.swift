package import Ledger
package import TransparencyLog

/// A pass over a range's lines that writes no bundle: for one table alone, or for a statement.
///
/// It is the same pass as a bundle's, so its rows are the rows of a bundle that begins where it begins.
package final class RangeReplay {
  /// What is made of the lines.
  package enum Table: Sendable {
    /// The rows of `usage.csv`.
    case usage
    /// The rows of `focus-1.2.csv`.
    case focus
  }

  private var pass: RangePass
  private let earlier: GivenLines
  private let usage: RowBuffer
  private let focus: RowBuffer

  /// A pass over lines of `log` from `from` on.
  /// - Parameters:
  ///   - log: the log's origin.
  ///   - team: its team.
  ///   - peaks: the log's peaks at the first line: their size is its index.
  ///   - state: the book there; nil where it is the log's first line.
  ///   - earlier: where earlier lines of the range are found again.
  ///   - table: whose rows are kept; nil: none.
  ///   - wanted: index of the first line whose rows are kept.
  ///
  /// Throws a `BundleFault` where there is no such book.
  package init(
    log: String, team: TeamID, peaks: Peaks, state: [UInt8]?, earlier: GivenLines, table: Table? = nil,
    wanted: Int64 = 0
  ) throws {
    self.earlier = earlier
    usage = RowBuffer(from: table == .usage ? wanted : .max)
    focus = RowBuffer(from: table == .focus ? wanted : .max)
    let accounts = try RangeAccounts(log: log, team: team, from: peaks.size, state: state)
    pass = RangePass(
      folder: "", earlier: earlier, accounts: accounts, root: StreamingRoot(peaks: peaks), usage: usage, focus: focus)
  }

  /// The heading of a table, with its line ending.
  package static func heading(of table: Table) -> [UInt8] {
    switch table {
    case .usage: UsageTable.heading
    case .focus: FocusTable.heading
    }
  }

  /// Index of the line that is wanted next.
  package var nextIndex: Int64 { pass.next }

  /// The first line of which the books do not balance or break a rule; nil while there is none.
  package var bookFault: BookFault? { pass.accounts.fault }

  /// Takes the next line. Throws a `BundleFault` where it is no line or not the next one.
  package func append(_ line: ArraySlice<UInt8>) throws {
    _ = try line.withUnsafeBytes { try pass.take($0, of: "log", offset: 0, isFirst: false) }
  }

  /// The rows that were made since this was asked for last.
  package func takeRows() -> [UInt8] {
    usage.take() + focus.take()
  }

  /// The statement of the lines so far, as `statement.json` and `statement.csv` of a bundle have it.
  package var statement: (json: [UInt8], table: [UInt8]) {
    let statement = Statement(accounts: pass.accounts, to: pass.next)
    return (statement.json, statement.table.flatMap(\.self))
  }

  /// The root of the log's tree as of the last line: of the peaks that it began with, and the lines' own hashes.
  package var root: Digest { pass.root.root }

  /// The text of the book as of the last line.
  package var bookText: [UInt8] { BookText.write(pass.accounts.book) }
}

/// Rows of a table that are taken away before they get many.
private final class RowBuffer: RowFile {
  private let from: Int64
  private var bytes: [UInt8] = []

  /// Keeps the rows of lines from `from` on.
  init(from: Int64) {
    self.from = from
  }

  func append(_ bytes: UnsafeRawBufferPointer, index: Int64?) {
    if let index, index >= from { self.bytes += bytes }
  }

  func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }
}
