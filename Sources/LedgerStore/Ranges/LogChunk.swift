import Glibc
import Postgres

/// A few lines of a log that follow each other, as they are stored.
package struct LogChunk: Sendable {
  /// What is personal in one line, unless it was erased.
  package struct Secret: Sendable {
    /// Index of the line.
    package var index: Int64
    /// 32 random bytes.
    package var salt: [UInt8]
    /// JSON.
    package var payload: [UInt8]
  }

  /// Index of the first line.
  package var first: Int64
  /// How many lines.
  package var count: Int64
  /// The lines' bytes, a line feed behind each.
  package var text: [UInt8]
  /// What is personal in them, ascending by index; none where it was not asked for.
  package var secrets: [Secret]

  /// Index behind the last line.
  package var end: Int64 { first + count }

  /// A chunk of these lines.
  package init(first: Int64, count: Int64, text: [UInt8], secrets: [Secret] = []) {
    self.first = first
    self.count = count
    self.text = text
    self.secrets = secrets
  }

  /// Hands out the lines in their order, without their line feeds: index and bytes, which are valid during the call.
  package func forEachLine(_ take: (Int64, ArraySlice<UInt8>) throws -> Void) rethrows {
    var index = first
    var start = text.startIndex
    while let end = lineFeed(from: start) {
      try take(index, text[start..<end])
      index += 1
      start = end + 1
    }
  }

  /// Where the next line feed is: by the library's own search, which looks at many bytes at once.
  private func lineFeed(from start: Int) -> Int? {
    text.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, start < bytes.count else { return nil }
      return memchr(base + start, Int32(UInt8(ascii: "\n")), bytes.count - start).map { UnsafeRawPointer($0) - base }
    }
  }
}

// Both statements look the lines up in a subquery of their own. In a plain join the sum of base and index would have to
// wait for the row level security of the lines, since it could fail on one that the request may not see: the place would
// be a filter on all lines of the team. For the same reason the base is chosen by CASE: the planner does not know COALESCE
// for something that gives nothing away.

/// What the database answers for a piece of a chunk.
struct JoinedLines: Sendable {
  /// Index of the first line that was asked for.
  var first: Int64
  var count: Int64
  /// How many of them were blanked.
  var blank: Int64
  /// The lines, a line feed between them.
  var text: [UInt8]
}

extension Statement where Row == JoinedLines {
  /// The most lines of one piece.
  static let linesPerPiece: Int64 = 128

  /// Lines of a team from an index up to another, in pieces of 128: a few values travel instead of thousands of rows, and
  /// none is so large that the server sorts it on its disk or moves it from one place to a larger one. The indexes are counted
  /// from the place of the log's first line (null: where the team's log begins now).
  static let linesJoined = Statement(
    "lines joined",
    """
    SELECT s.first, p.*
      FROM (SELECT team_id, CASE WHEN $4::bigint IS NULL THEN log_base ELSE $4 END AS log_base
              FROM tally.team) AS t
     CROSS JOIN generate_series($2, $3 - 1, \(linesPerPiece)) AS s (first)
     CROSS JOIN LATERAL (
       SELECT count(*), count(*) FILTER (WHERE l.line = ''::bytea), coalesce(string_agg(l.line, '\\x0a'::bytea), ''::bytea)
         FROM (SELECT line
                 FROM tally.log_line
                WHERE team_id = t.team_id
                  AND index >= t.log_base + s.first AND index < t.log_base + least(s.first + \(linesPerPiece), $3)
                ORDER BY index OFFSET 0) AS l) AS p
     WHERE t.team_id = $1 AND $2 >= 0
    """
  ) { (row) throws(PostgresError) in
    JoinedLines(
      first: try row.next(), count: try row.next(), blank: try row.next(), text: try row.next(PostgresBytes.self).bytes)
  }
}

extension [JoinedLines] {
  /// The pieces as one, a line feed behind each line; nil where they are not the pieces of that range in their order, or one
  /// has not all of its lines.
  func whole(from first: Int64, to end: Int64) -> JoinedLines? {
    var whole = JoinedLines(first: first, count: 0, blank: 0, text: [])
    whole.text.reserveCapacity(reduce(0) { $0 + $1.text.count + 1 })
    for piece in self {
      guard piece.first == first + whole.count,
        piece.count == Swift.min(Statement<JoinedLines>.linesPerPiece, end - piece.first)
      else { return nil }
      whole.count += piece.count
      whole.blank += piece.blank
      whole.text += piece.text
      whole.text.append(UInt8(ascii: "\n"))
    }
    return whole.count == end - first ? whole : nil
  }
}

extension Statement where Row == LogChunk.Secret {
  /// What is personal in lines of a team from an index up to another, counted from a place (or null).
  static let secretsBetween = Statement(
    "secrets between",
    """
    SELECT p.index - t.log_base, p.salt, p.payload
      FROM (SELECT team_id, CASE WHEN $4::bigint IS NULL THEN log_base ELSE $4 END AS log_base
              FROM tally.team) AS t
     CROSS JOIN LATERAL (SELECT index, salt, payload
                           FROM tally.log_private
                          WHERE team_id = t.team_id AND index >= t.log_base + $2 AND index < t.log_base + $3
                          ORDER BY index OFFSET 0) AS p
     WHERE t.team_id = $1 AND $2 >= 0 ORDER BY p.index
    """
  ) { (row) throws(PostgresError) in
    LogChunk.Secret(
      index: try row.next(), salt: try row.next(PostgresBytes.self).bytes,
      payload: try row.next(PostgresBytes.self).bytes)
  }
}
