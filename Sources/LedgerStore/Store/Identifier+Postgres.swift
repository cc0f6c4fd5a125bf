import Ledger
import Postgres
import TransparencyLog

extension Identifier {
  /// The id as a value of type uuid.
  var uuid: PostgresUUID { PostgresUUID(bits: bits) }

  /// The id that stands in a column of type uuid.
  init(_ uuid: PostgresUUID) { self.init(bits: uuid.bits) }
}

extension Timestamp {
  /// The moment as a value of type timestamptz.
  var timestamptz: PostgresTimestamp { PostgresTimestamp(microsecondsSinceUnixEpoch: microseconds) }

  /// The moment that stands in a column of type timestamptz.
  init(_ timestamptz: PostgresTimestamp) { self.init(microseconds: timestamptz.microsecondsSinceUnixEpoch) }
}

extension RowReader {
  /// Reads a column of type uuid as an id.
  mutating func id<Tag>(_: Identifier<Tag>.Type = Identifier<Tag>.self) throws(PostgresError) -> Identifier<Tag> {
    Identifier<Tag>(try next(PostgresUUID.self))
  }

  /// Reads a column of type uuid that may be null as an id.
  mutating func optionalID<Tag>(
    _: Identifier<Tag>.Type = Identifier<Tag>.self
  ) throws(PostgresError) -> Identifier<Tag>? {
    try next(PostgresUUID?.self).map { Identifier<Tag>($0) }
  }

  /// Reads a column of type timestamptz.
  mutating func time() throws(PostgresError) -> Timestamp {
    Timestamp(try next(PostgresTimestamp.self))
  }

  /// Reads a column of type timestamptz that may be null.
  mutating func optionalTime() throws(PostgresError) -> Timestamp? {
    try next(PostgresTimestamp?.self).map { Timestamp($0) }
  }

  /// Reads a bigint column of credits.
  mutating func credits() throws(PostgresError) -> Credits {
    Credits(try next(Int64.self))
  }

  /// Reads a bigint column of credits that may be null.
  mutating func optionalCredits() throws(PostgresError) -> Credits? {
    try next(Int64?.self).map { Credits($0) }
  }

  /// Reads a text column that holds one of an enumeration's words.
  mutating func word<Word: RawRepresentable>(
    _: Word.Type = Word.self
  ) throws(PostgresError) -> Word where Word.RawValue == String {
    let text = try next(String.self)
    guard let word = Word(rawValue: text) else {
      throw PostgresError(.decoding, outcome: .unknown, reason: "a word that \(Word.self) does not have")
    }
    return word
  }
}
