/// Statements that are sent together and answered together: one flush, one Sync, one round trip. A plain value: it is built first,
/// wherever the caller is, and then run at once by a connection.
///
/// The caller appends BEGIN and COMMIT like everything else. After an error the server skips the rest.
package struct Pipeline: Sendable {
  /// The parameters of one pipeline, in bytes. Above this a batch is too large to be held twice in memory (here and in
  /// libpq's buffer) without a thought.
  package static let maximumParameterBytes = 64 << 20
  /// The statements of one pipeline. A batch needs a dozen; the limit keeps a loop that forgot its end from filling memory.
  package static let maximumStatements = 10_000
  /// The parameters of one statement, which the protocol counts in 16 bits.
  package static let maximumParameters = 65_535

  /// Where one parameter stands in the arena.
  struct Parameter: Sendable {
    /// The type's object id, 0 for an untyped NULL.
    let typeOID: UInt32
    /// The first byte in the arena, nil for NULL.
    let offset: Int?
    let length: Int32
  }

  /// One statement with the places of its parameters.
  struct Entry: Sendable {
    let name: String
    let sql: String
    let isPrepared: Bool
    let endsTransaction: Bool
    let parameters: Range<Int>
    let decode: @Sendable (borrowing ResultHandle) throws(PostgresError) -> any Sendable
  }

  private(set) var entries: [Entry] = []
  private(set) var parameters: [Parameter] = []
  /// All parameters' bytes, one behind the other: one allocation however many there are. It begins with a byte that is never
  /// sent, so that an empty value has an address too: libpq takes a null pointer for NULL.
  private(set) var arena: [UInt8] = [0]
  /// The first thing that keeps this pipeline from being sent; running it throws this.
  package private(set) var fault: PostgresError?

  /// A pipeline without statements.
  package init() {}

  /// How many statements have been appended.
  package var count: Int { entries.count }

  /// Whether there is nothing to send.
  package var isEmpty: Bool { entries.isEmpty }

  /// Whether one of the statements ends a transaction.
  var endsTransaction: Bool { entries.contains { $0.endsTransaction } }

  /// Appends a statement with its parameters, nil for NULL. A parameter that cannot be sent makes the whole pipeline fail before
  /// its first byte; the error names the statement and the parameter's position.
  /// - Returns: where to find the rows in the results.
  @discardableResult
  package mutating func append<Row>(_ statement: Statement<Row>, _ parameters: (any PostgresEncodable)?...) -> Slot<Row>
  {
    append(statement, parameters: parameters)
  }

  /// The same for parameters that are in an array already.
  @discardableResult
  package mutating func append<Row>(_ statement: Statement<Row>, parameters: [(any PostgresEncodable)?]) -> Slot<Row> {
    let first = self.parameters.count
    let index = entries.count
    for (position, value) in parameters.enumerated() {
      guard let value else {
        self.parameters.append(Parameter(typeOID: 0, offset: nil, length: 0))
        continue
      }
      if let reason = value.encodingFault {
        note(.encoding, "parameter $\(position + 1): \(reason)", statement.name, index)
      }
      let offset = arena.count
      value.encode(into: &arena)
      if arena.count > Self.maximumParameterBytes {
        note(.tooLarge, "the parameters exceed \(Self.maximumParameterBytes) bytes", statement.name, index)
        // The statement will not be sent, so its bytes need not be kept.
        arena.removeLast(arena.count - offset)
      }
      let length = Int32(clamping: arena.count - offset)
      self.parameters.append(Parameter(typeOID: type(of: value).postgresType.oid, offset: offset, length: length))
    }
    if parameters.count > Self.maximumParameters {
      note(.tooLarge, "more than \(Self.maximumParameters) parameters", statement.name, index)
    }
    if index >= Self.maximumStatements {
      note(.tooLarge, "more than \(Self.maximumStatements) statements", statement.name, index)
    }
    if statement.sql.utf8.contains(0) { note(.encoding, "a NUL byte in the SQL text", statement.name, index) }
    entries.append(
      Entry(
        name: statement.name, sql: statement.sql, isPrepared: statement.isPrepared,
        endsTransaction: Self.endsTransaction(statement.sql), parameters: first..<self.parameters.count,
        decode: statement.decoder))
    return Slot(index: index)
  }

  private mutating func note(_ code: PostgresError.Code, _ reason: String, _ statement: String, _ index: Int) {
    guard fault == nil else { return }
    fault = PostgresError(
      code, outcome: .notSent, reason: reason, statementName: statement, pipelineIndex: index)
  }

  /// Whether the text begins with the word COMMIT or END, in either case: PostgreSQL knows both.
  private static func endsTransaction(_ sql: String) -> Bool {
    let word = sql.utf8.lazy.drop { $0 == 32 || (9...13).contains($0) }.prefix { $0 | 32 >= 97 && $0 | 32 <= 122 }
      .map { $0 | 32 }
    return word.elementsEqual("commit".utf8) || word.elementsEqual("end".utf8)
  }
}
