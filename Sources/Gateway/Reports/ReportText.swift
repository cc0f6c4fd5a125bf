import HTTPTypes
package import Hummingbird
import LedgerStore
package import NIOCore

/// A page of a report in JSON, written piece by piece: the whole of a large one is never in memory. How long it is is known before,
/// so that a reader who gets less sees it.
package struct ReportText: Sequence, Sendable {
  /// About the bytes of one piece.
  package static let pieceBytes = 65_536

  /// All that is around the results.
  private let frame: [UInt8]
  /// Where in it the results of each bucket stand.
  private let gaps: [Int]
  private let buckets: [[UsageReport.Cell]]
  private let template: ReportResultTemplate
  /// All of its bytes.
  package let count: Int

  /// The text of a page.
  package init(_ page: ReportPage) {
    template = ReportResultTemplate(
      page.query.report, grouping: page.query.grouping, team: page.team, labels: page.usage.labels)
    buckets = page.usage.buckets
    (frame, gaps) = Self.frame(of: page)
    count = buckets.reduce(frame.count) { [template] in $0 + template.count(of: $1) }
  }

  private static func frame(of page: ReportPage) -> ([UInt8], [Int]) {
    var writer = JSONWriter()
    var gaps: [Int] = []
    writer.object { writer in
      writer.field("object", "page")
      writer.array("data") { writer in
        for (start, end) in zip(page.bounds, page.bounds.dropFirst()) {
          writer.object { writer in
            writer.field("object", "bucket")
            writer.field("start_time", start.unixSeconds)
            writer.field("end_time", end.unixSeconds)
            writer.array("results") { writer in gaps.append(writer.bytes.count) }
          }
        }
      }
      writer.field("has_more", page.next != nil)
      writer.field("next_page", page.next?.text)
      writer.object("as_of") { writer in
        writer.field("log", page.asOf.origin)
        writer.field("size", page.asOf.size)
        writer.field("root", page.asOf.rootText)
      }
    }
    return (writer.bytes, gaps)
  }

  /// Its pieces, in their order.
  package func makeIterator() -> Pieces { Pieces(text: self) }

  /// Writes the pieces, each when it is asked for.
  package struct Pieces: IteratorProtocol {
    private let text: ReportText
    private var framed = 0
    private var bucket = 0
    private var cell = 0

    fileprivate init(text: ReportText) { self.text = text }

    /// The next piece; nil: there is none.
    package mutating func next() -> ByteBuffer? {
      guard framed < text.frame.count else { return nil }
      var buffer = ByteBufferAllocator().buffer(capacity: Swift.min(text.count, ReportText.pieceBytes))
      while bucket < text.buckets.count {
        if cell == 0 { writeFrame(upTo: text.gaps[bucket], &buffer) }
        let cells = text.buckets[bucket]
        while cell < cells.count {
          guard buffer.readableBytes < ReportText.pieceBytes * 3 / 4 else { return buffer }
          cell += text.template.write(cells, from: cell, to: &buffer)
        }
        (bucket, cell) = (bucket + 1, 0)
      }
      writeFrame(upTo: text.frame.count, &buffer)
      return buffer
    }

    private mutating func writeFrame(upTo end: Int, _ buffer: inout ByteBuffer) {
      buffer.writeBytes(text.frame[framed..<end])
      framed = end
    }
  }
}

extension Response {
  /// A 200 with a page of a report.
  /// - Parameters:
  ///   - text: the page.
  ///   - clock: tells how long the reader of a large page takes nothing of it.
  ///   - tick: what is waited for between two looks at the reader: see `StallWatch`.
  ///   - close: ends the connection of one who has taken nothing for too long.
  package static func json(
    _ text: ReportText, clock: GatewayClock, tick: @escaping @Sendable () async throws -> Void = StallWatch.usualTick,
    close: @escaping @Sendable () -> Void
  ) -> Response {
    var headers = HTTPFields()
    headers[.contentType] = Response.jsonType
    let body = ResponseBody(contentLength: text.count) { writer in
      nonisolated(unsafe) var writer = writer  // One user at a time: the body waits while a piece is written.
      // What is one piece waits in the connection, not here.
      let watch = text.count > ReportText.pieceBytes ? StallWatch(clock: clock, tick: tick, close: close) : nil
      defer { watch?.end() }
      for piece in text {
        if let watch {
          try await watch.write { try await writer.write(piece) }
        } else {
          try await writer.write(piece)
        }
      }
      try await writer.finish(nil)
    }
    return Response(status: .ok, headers: headers, body: body)
  }
}
