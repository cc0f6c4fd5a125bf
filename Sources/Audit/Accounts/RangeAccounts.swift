import Ledger
import TransparencyLog

/// The books of a range: every line goes through the ledger's own `apply`, and what finance reads is gathered on the way.
///
/// The first line that the ledger does not take is noted and ends the checking; what the lines tell is gathered all the
/// same. An edit that is over is forgotten, so that a log of any length is replayed in the memory of what is open; where a
/// later line names it, it is read again from the range (`RangeAccounts+Earlier.swift`).
struct RangeAccounts {
  let log: String
  let team: TeamID
  let from: Int64
  /// The book as of the last line that the ledger took.
  private(set) var book: TeamBook
  /// The first line that the ledger did not take.
  private(set) var fault: BookFault?
  private(set) var totals = BundleTotals()
  private(set) var statement: StatementRows
  /// Time of the first line.
  private(set) var firstAt: Timestamp?
  /// Time of the last line; before the first one, the time as of which the range begins.
  private(set) var lastAt: Timestamp
  private var open = OpenEdits()
  /// The edits of the range that lines corrected after they were over.
  private var corrected: [RecordID: CorrectedEdit] = [:]
  /// What edits ask for.
  var products = Products()
  /// The edits that were open when the range began. They are never forgotten, since no line of the range tells of their
  /// holds.
  private let opened: Set<RecordID>
  /// The hash of the text that the book was read from; nil where the range begins with a log's creation.
  private let state: Digest32?
  /// The keys of receipts that lines announced, as vkeys.
  private(set) var receiptKeys: [String] = []
  /// What the log's first line says of the log whose place it took; nil where the range does not tell of one.
  private(set) var recovered: LogRecovered?

  /// The books of a range that begins with `book`, which holds all open edits, read from a text of this hash.
  init(log: String, team: TeamID, opening book: TeamBook, state: Digest32?) {
    self.log = log
    self.team = team
    self.state = state
    from = book.logSize
    self.book = book
    statement = StatementRows(opening: book)
    lastAt = book.lastAt
    opened = Set(book.records.keys)
  }

  /// Takes the range's next line, and answers what tables say of the edit that it ends or corrects; nil where tables have no
  /// row for it.
  ///
  /// Throws a `BundleFault` where the first line does not name the book that the range was opened with, and where lines
  /// that it names cannot be read.
  mutating func take(_ event: Event, _ header: LineHeader, lines: any EarlierLines) throws -> EditDetails? {
    switch event {
    case .held(let event):
      try take(event, header)
      return nil
    case .settled(let event): return try take(event, header)
    case .released(let event): return try take(event, header)
    default:
      try begin(header, event)
      totals.add(event)
      statement.add(event, header)
      noteKey(event)
      if case .refused(let event) = event { checkIsNew(event.record, header) }
      let details = try details(event, lines)
      apply(header) { book throws(LedgerError) in try book.apply(event, header) }
      forget(event)
      return details
    }
  }

  /// The same for a hold, for which tables have no row.
  mutating func take(_ event: EditHeld, _ header: LineHeader) throws(BundleFault) {
    try begin(header, nil)
    totals.add(event)
    statement.add(event)
    checkIsNew(event.record, header)
    apply(header) { book throws(LedgerError) in try book.apply(event, header) }
    let product = products.product(of: event)
    if fault == nil {
      open.add(event.record, hold: header.index, product)
    } else {
      open.addUntaken(event.record, EditDetails(event, product, at: header.at))
    }
  }

  /// The same for a settlement.
  mutating func take(_ event: EditSettled, _ header: LineHeader) throws(BundleFault) -> EditDetails {
    try begin(header, nil)
    totals.add(event)
    statement.add(event)
    let isForgotten = opened.isEmpty || !opened.contains(event.record)
    var record: RecordState?
    apply(header) { book throws(LedgerError) in record = try book.apply(event, header, forgetting: isForgotten) }
    return details(of: record, event.record, hold: event.hold, event.budgets)
  }

  private mutating func take(_ event: EditReleased, _ header: LineHeader) throws(BundleFault) -> EditDetails {
    try begin(header, nil)
    totals.add(.released(event))
    statement.add(.released(event), header)
    apply(header) { book throws(LedgerError) in try book.apply(.released(event), header) }
    let record = fault == nil ? book.records[event.record] : nil
    forget(event.record)
    return details(of: record, event.record, hold: event.hold, event.budgets)
  }

  /// Begins with a line. The event is needed of those alone that name a book.
  private mutating func begin(_ header: LineHeader, _ event: Event?) throws(BundleFault) {
    if firstAt == nil {
      try checkOpening(event)
      firstAt = header.at
    }
    lastAt = header.at
  }

  /// What was known of an edit that is over now: `record`, where the ledger saw it end.
  @inline(__always)
  private mutating func details(
    of record: borrowing RecordState?, _ id: RecordID, hold: Int64, _ budgets: [BudgetMovement]
  ) -> EditDetails {
    switch record {
    case .some(let record): EditDetails(record, open.remove(id, hold: hold))
    case nil: open.removeUntaken(id) ?? EditDetails(member: budgets.member)
    }
  }

  /// What is wrong with the range as a whole, once all lines were taken.
  func faultAtEnd() -> BookFault? {
    if let fault { return fault }
    if let row = statement.rows(at: lastAt).first(where: { !$0.isBalanced }) {
      return BookFault(index: nil, "budget \(row.id) does not balance")
    }
    // What was used cannot be summed up: the edits that used it were forgotten.
    return book.checkInvariants().first { $0.rule != .used }
      .map { BookFault(index: nil, "\($0)") }
  }

  /// A book that no signed line names could be anything.
  private func checkOpening(_ event: Event?) throws(BundleFault) {
    guard let state else { return }
    let named: Digest32? =
      switch event {
      case .periodClosed(let event): event.book
      case .logRecovered(let event): event.book
      default: nil
      }
    guard named == state else {
      throw BundleFault(BundleFile.state, index: from, "is not the book that the line closes with")
    }
  }

  private mutating func noteKey(_ event: Event) {
    switch event {
    case .logKeyAnnounced(let event) where event.use == .receipt: receiptKeys.append(event.vkey)
    case .logKeyRotated(let event) where event.use == .receipt: receiptKeys.append(event.new)
    case .logRecovered(let event): recovered = event
    default: break
    }
  }

  @inline(__always)
  private mutating func apply(_ header: LineHeader, _ change: (inout TeamBook) throws(LedgerError) -> Void) {
    guard fault == nil else { return }
    guard header.at >= book.lastAt else { return note(header.index, "it is older than the line before it") }
    do {
      try change(&book)
    } catch {
      note(header.index, "\(error)")
    }
  }

  /// Notes an edit that begins a second time after it was corrected: the ledger would see it, had it not forgotten the edit.
  private mutating func checkIsNew(_ record: RecordID, _ header: LineHeader) {
    guard fault == nil, !corrected.isEmpty, corrected[record] != nil else { return }
    note(header.index, "\(LedgerError.contradiction(Contradiction(.record(record), "record")))")
  }

  private mutating func note(_ index: Int64, _ reason: String) {
    fault = BookFault(index: index, reason)
    open.distrust(book)
  }

  /// Drops an edit that was refused, and one that was looked up to be corrected.
  private mutating func forget(_ event: Event) {
    switch event {
    case .refused(let event): forget(event.record)
    case .credited(let event): forgetCorrected(event.record)
    case .evidence(let event): forgetCorrected(event.record)
    default: break
    }
  }

  private mutating func forgetCorrected(_ id: RecordID) {
    guard fault == nil, !opened.contains(id), let record = book.records[id], !record.state.isOpen else { return }
    corrected[id] = CorrectedEdit(record)
    forget(id)
  }

  private mutating func forget(_ record: RecordID) {
    if fault == nil, !opened.contains(record) { book.records[record] = nil }
  }

  private mutating func details(_ event: Event, _ lines: any EarlierLines) throws -> EditDetails? {
    switch event {
    case .refused(let event): return EditDetails(event, products.product(of: event))
    case .credited(let event): return try recall(EarlierEdit(event), lines)
    case .evidence(let event): return try recall(EarlierEdit(event), lines)
    default: return nil
    }
  }

  /// Puts an edit into the book that it had forgotten, as its lines tell it.
  mutating func remember(_ record: RecordState) {
    guard fault == nil else { return }
    var record = record
    corrected[record.id]?.apply(to: &record)
    book.records[record.id] = record
  }
}
