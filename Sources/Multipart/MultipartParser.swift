package import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads `multipart/form-data` as its bytes arrive, in whatever pieces: a pure machine, bytes in, events out.
///
/// The same bytes give the same events however they are split (the pieces of content apart, which are cut where the input
/// was cut). It holds back only what could still become a boundary or an unfinished header, so a body of any size passes
/// through in little memory. After an error the parser is of no more use.
///
/// Rules: RFC 2046 section 5.1.1, RFC 7578.
package struct MultipartParser: Sendable {
  private enum State {
    case preamble
    case afterBoundary
    case headers
    case content
    case epilogue
  }

  private static let carriageReturn: UInt8 = 0x0D
  private static let lineFeed: UInt8 = 0x0A
  private static let dash: UInt8 = 0x2D

  private let limits: MultipartLimits
  /// CR LF, two dashes and the boundary.
  private let delimiter: [UInt8]
  private var state = State.preamble
  private var held = ByteBuffer()
  private var partCount = 0
  /// Whether the line end between the current part's headers and content is behind us.
  private var hasContentBegun = false
  /// Bytes of preamble and headers that were looked at already, so that slow senders do not make the search quadratic.
  private var searched = 0

  /// Begins to read a body.
  ///
  /// - Parameters:
  ///   - boundary: as ``boundary(fromContentType:)`` found it.
  ///   - limits: how much of everything is accepted.
  /// - Throws: ``MultipartError/invalidBoundary``.
  package init(boundary: String, limits: MultipartLimits = MultipartLimits()) throws(MultipartError) {
    guard Self.isBoundary(boundary.utf8) else { throw .invalidBoundary }
    self.limits = limits
    self.delimiter = [Self.carriageReturn, Self.lineFeed, Self.dash, Self.dash] + Array(boundary.utf8)
    // The first boundary stands at the very start, without the line end that belongs to all later ones.
    self.held.writeBytes([Self.carriageReturn, Self.lineFeed])
  }

  /// Takes the next bytes of the body and tells what they complete.
  package mutating func parse(_ bytes: ByteBuffer) throws(MultipartError) -> [MultipartEvent] {
    guard bytes.readableBytes > 0, state != .epilogue else { return [] }
    if held.readableBytes == 0 {
      held = bytes
    } else {
      held.writeImmutableBuffer(bytes)
    }
    var events: [MultipartEvent] = []
    var goesOn = true
    while goesOn {
      switch state {
      case .preamble: goesOn = try skipPreamble()
      case .afterBoundary: goesOn = try readBoundaryEnd(into: &events)
      case .headers: goesOn = try readHeaders(into: &events)
      case .content: goesOn = readContent(into: &events)
      case .epilogue:
        held = ByteBuffer()
        goesOn = false
      }
    }
    return events
  }

  /// Says that no more bytes come.
  ///
  /// - Throws: ``MultipartError/truncated`` where the closing boundary has not been read.
  package mutating func finish() throws(MultipartError) {
    guard state == .epilogue else { throw .truncated }
  }

  private mutating func skipPreamble() throws(MultipartError) -> Bool {
    switch findDelimiter() {
    case .found(let offset):
      guard offset <= limits.preambleBytes else { throw .preambleTooLong }
      held.moveReaderIndex(forwardBy: offset + delimiter.count)
      searched = 0
      state = .afterBoundary
      return true
    case .possible(let offset), .absent(let offset):
      guard offset <= limits.preambleBytes else { throw .preambleTooLong }
      searched = offset
      return false
    }
  }

  private mutating func readBoundaryEnd(into events: inout [MultipartEvent]) throws(MultipartError) -> Bool {
    let view = held.readableBytesView
    guard let first = view.first else { return false }
    if first == Self.dash {
      guard view.count >= 2 else { return false }
      guard view[view.startIndex + 1] == Self.dash else { throw .malformedBoundary }
      events.append(.finished)
      state = .epilogue
      return true
    }
    // RFC 2046 lets a sender pad the boundary's line with blanks.
    let blanks = view.prefix { $0 == 0x20 || $0 == 0x09 }.count
    guard blanks <= limits.headerBytes else { throw .malformedBoundary }
    let rest = view.dropFirst(blanks)
    guard let end = rest.first else { return false }
    guard end == Self.carriageReturn else { throw .malformedBoundary }
    guard rest.count >= 2 else { return false }
    guard rest[rest.startIndex + 1] == Self.lineFeed else { throw .malformedBoundary }
    partCount += 1
    guard partCount <= limits.parts else { throw .tooManyParts }
    // The line end stays: the empty line that ends the headers is then found in the same way with and without headers.
    held.moveReaderIndex(forwardBy: blanks)
    searched = 0
    state = .headers
    return true
  }

  private mutating func readHeaders(into events: inout [MultipartEvent]) throws(MultipartError) -> Bool {
    let view = held.readableBytesView
    let start = view.startIndex
    var offset = searched
    while offset + 4 <= view.count {
      if view[start + offset] == Self.carriageReturn, view[start + offset + 1] == Self.lineFeed,
        view[start + offset + 2] == Self.carriageReturn, view[start + offset + 3] == Self.lineFeed
      {
        guard offset <= limits.headerBytes else { throw .headersTooLong }
        events.append(.partBegan(try MultipartPart(headers: view.prefix(offset))))
        // The second line end stays: content that is empty is directly followed by a boundary, whose line end this is.
        held.moveReaderIndex(forwardBy: offset + 2)
        searched = 0
        state = .content
        hasContentBegun = false
        return true
      }
      offset += 1
    }
    guard offset <= limits.headerBytes else { throw .headersTooLong }
    searched = offset
    return false
  }

  private mutating func readContent(into events: inout [MultipartEvent]) -> Bool {
    let found = findDelimiter()
    let contentEnd: Int
    switch found {
    case .found(let offset), .possible(let offset), .absent(let offset): contentEnd = offset
    }
    emitContent(upTo: contentEnd, into: &events)
    guard case .found = found else { return false }
    held.moveReaderIndex(forwardBy: delimiter.count)
    events.append(.partEnded)
    searched = 0
    state = .afterBoundary
    return true
  }

  private mutating func emitContent(upTo end: Int, into events: inout [MultipartEvent]) {
    var length = end
    if !hasContentBegun, length > 0 {
      // `possible` never cuts the line end in two: it begins with it.
      held.moveReaderIndex(forwardBy: 2)
      length -= 2
      hasContentBegun = true
    }
    if length > 0, let content = held.readSlice(length: length) {
      events.append(.bytes(content))
    }
  }

  private enum Search {
    /// The delimiter begins at this offset.
    case found(Int)
    /// What is there from this offset on could become a delimiter with more bytes.
    case possible(Int)
    /// There is none, and nothing that could become one, before this offset, the end.
    case absent(Int)
  }

  private func findDelimiter() -> Search {
    held.withUnsafeReadableBytes { bytes in
      guard let base = bytes.baseAddress else { return .absent(0) }
      var offset = min(searched, bytes.count)
      while offset < bytes.count {
        guard let hit = memchr(base + offset, Int32(Self.carriageReturn), bytes.count - offset) else {
          return .absent(bytes.count)
        }
        offset = UnsafeRawPointer(hit) - base
        let length = min(delimiter.count, bytes.count - offset)
        let matches = delimiter.withUnsafeBytes { wanted in
          wanted.baseAddress.map { memcmp(base + offset, $0, length) == 0 } ?? false
        }
        if matches {
          return length == delimiter.count ? .found(offset) : .possible(offset)
        }
        offset += 1
      }
      return .absent(bytes.count)
    }
  }
}
