import Crypto

/// The text of a whole book: `state.json` of an export, and what the `book` of a `period.closed` line is the SHA-256 of
/// (docs/audit.md, the book's text). Written by the rules of the lines: UTF-8 JSON, keys sorted bytewise, no spaces,
/// integers only, a closed schema. Two books that will act alike have the same bytes.
///
/// It holds all that later lines may change or are checked against: the team, its members, keys and budget rows of all
/// periods, and the open edits. Resolved and refused edits are not in it: any of them may still be credited for ever, so
/// they would be the whole history. A line that credits or proves such an edit names hold, resolution and the budget rows
/// before and after; that is enough to go on from, and `TeamBook.forgetResolved()` says what it cannot show. Nor are the
/// tree's peaks in it, which belong to the log and not to the books, nor whether the team is halted.
package enum BookText {
  /// The format version that the text's `v` has.
  package static let version: Int64 = 1

  /// The longest text, in bytes: 256 MiB, for a reader of foreign bytes.
  package static let byteCountMaximum = 268_435_456

  /// The most members, keys, budget rows and open edits together. A period can be closed in the time that a transaction
  /// has only while the book is no larger.
  package static let rowCountMaximum = 250_000

  /// The text of `book`. Resolved and refused edits in it are passed over.
  package static func write(_ book: TeamBook) -> [UInt8] {
    let open = book.records.values.filter(\.state.isOpen).sorted { $0.id < $1.id }
    var writer = LineWriter(byteCount: usualByteCount(of: book, openRecords: open.count))
    writer.open()
    writer.member("budgets", book.budgets.values.sorted { $0.id < $1.id })
    writer.member("forgottenBefore", max(book.forgottenBefore, book.logSize))
    writer.member("keys", book.keys.values.sorted { $0.id < $1.id })
    writer.member("lastAt", book.lastAt)
    writer.member("log", book.origin)
    writer.member("members", book.members.values.sorted { $0.id < $1.id })
    writer.member("records", open)
    writer.member("size", book.logSize)
    writer.member("team", book.team)
    writer.member("v", version)
    writer.close()
    return writer.bytes
  }

  /// The book whose text these bytes are. Exactly the bytes that `write` makes are taken, so writing the result again
  /// gives the same bytes.
  ///
  /// Throws a `LineError` that names the field and the byte.
  package static func read(_ bytes: [UInt8]) throws(LineError) -> TeamBook {
    guard bytes.count <= byteCountMaximum else {
      throw LineError(.tooLong, field: "book", offset: byteCountMaximum)
    }
    return try bytes.withUnsafeBufferPointer { buffer throws(LineError) in
      var reader = LineReader(buffer)
      return try read(&reader)
    }
  }

  private static func read(_ reader: inout LineReader) throws(LineError) -> TeamBook {
    try reader.open()
    let budgets: [Budget] = try reader.member("budgets")
    try reader.requireAscending(budgets.map(\.id))
    let forgottenBefore: Int64 = try reader.member("forgottenBefore")
    let keys: [KeyState] = try reader.member("keys")
    try reader.requireAscending(keys.map(\.id))
    let lastAt: Timestamp = try reader.member("lastAt")
    let log: String = try reader.member("log")
    let members: [MemberState] = try reader.member("members")
    try reader.requireAscending(members.map(\.id))
    let records: [RecordState] = try reader.member("records")
    try reader.requireAscending(records.map(\.id))
    let size: Int64 = try reader.member("size")
    guard size <= forgottenBefore else { throw reader.error(.badValue) }
    let team: TeamState = try reader.member("team")
    let version: Int64 = try reader.member("v")
    guard version == BookText.version else { throw reader.error(.unknownVersion) }
    try reader.close()
    try reader.ended()
    guard budgets.count + keys.count + members.count + records.count <= rowCountMaximum else {
      throw LineError(.tooLong, field: "book", offset: reader.end - reader.start)
    }
    return TeamBook(
      team: team, origin: log, logSize: size, lastAt: lastAt,
      members: Dictionary(uniqueKeysWithValues: members.map { ($0.id, $0) }),
      keys: Dictionary(uniqueKeysWithValues: keys.map { ($0.id, $0) }), budgets: BudgetTable(budgets),
      records: Dictionary(uniqueKeysWithValues: records.map { ($0.id, $0) }), forgottenBefore: forgottenBefore)
  }

  /// The SHA-256 of the text of `book`.
  package static func digest(of book: TeamBook) -> Digest32 {
    digest(of: write(book))
  }

  /// The SHA-256 of a text.
  package static func digest(of text: [UInt8]) -> Digest32 {
    Digest32(bytes: Array(SHA256.hash(data: text))) ?? .zero
  }

  /// About how long the text gets, so that the buffer of a large book is not grown and copied over and over.
  private static func usualByteCount(of book: TeamBook, openRecords: Int) -> Int {
    1_024 + 256 * (book.budgets.count + book.keys.count + book.members.count) + 1_024 * openRecords
  }
}

extension LineReader {
  /// Throws unless the rows that were read last stand in the order of their ids, none of them twice.
  fileprivate func requireAscending(_ ids: [some Comparable]) throws(LineError) {
    for (left, right) in zip(ids, ids.dropFirst()) where left >= right { throw error(.notCanonical) }
  }
}
