/// The bounds of a ``MultipartParser``. The size of a part's content is the caller's to bound: it sees every byte.
package struct MultipartLimits: Sendable, Equatable {
  /// The longest boundary, in bytes: RFC 2046 section 5.1.1 allows 70.
  package static let boundaryBytes = 70

  /// The most bytes before the first boundary. Form posts have none; a few are tolerated.
  package var preambleBytes: Int
  /// The most bytes of one part's headers. Three short lines are usual; file names may be long.
  package var headerBytes: Int
  /// The most parts of one body. An upload has one file and a few text fields.
  package var parts: Int

  /// Limits with room for every client seen, and little more.
  package init(preambleBytes: Int = 1024, headerBytes: Int = 16 * 1024, parts: Int = 32) {
    self.preambleBytes = preambleBytes
    self.headerBytes = headerBytes
    self.parts = parts
  }
}
