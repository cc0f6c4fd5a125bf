extension TeamBook {
  /// The book that a whole log tells of, rebuilt through the same `apply` that built it.
  ///
  /// Throws a `ReplayError` that names the first line which is no line, stands elsewhere, belongs to another log, is
  /// older than the one before it, or tells of something that cannot have happened.
  package static func replay(lines: some Sequence<[UInt8]>) throws(ReplayError) -> TeamBook {
    var book: TeamBook?
    for line in lines {
      if book == nil {
        book = try TeamBook(firstLine: line)
      } else {
        try book?.replay(line)
      }
    }
    guard let book else { throw ReplayError(index: 0, .noTeam) }
    return book
  }

  /// The book after a log's first line, which must create a team. Throws as `replay(lines:)` does.
  package init(firstLine line: [UInt8]) throws(ReplayError) {
    let (header, event) = try TeamBook.parse(line, index: 0)
    guard case .teamCreated(let created) = event else { throw ReplayError(index: 0, .noTeam) }
    self = .empty(teamID: created.team, origin: header.log)
    try replay(header, event)
  }

  /// Takes the log's next line into the book and returns what it told. Throws as `replay(lines:)` does; the book is
  /// then as it was.
  @discardableResult
  package mutating func replay(_ line: [UInt8]) throws(ReplayError) -> (LineHeader, Event) {
    let (header, event) = try TeamBook.parse(line, index: logSize)
    try replay(header, event)
    return (header, event)
  }

  private mutating func replay(_ header: LineHeader, _ event: Event) throws(ReplayError) {
    guard header.log == origin else { throw ReplayError(index: logSize, .otherLog) }
    guard header.index == logSize else { throw ReplayError(index: logSize, .otherIndex(header.index)) }
    guard header.at >= lastAt else { throw ReplayError(index: logSize, .timeWentBack) }
    do {
      try apply(event, at: header.at)
    } catch {
      throw ReplayError(index: logSize, .event(error))
    }
  }

  private static func parse(_ line: [UInt8], index: Int64) throws(ReplayError) -> (LineHeader, Event) {
    do {
      return try Line.parse(line)
    } catch {
      throw ReplayError(index: index, .line(error))
    }
  }
}
