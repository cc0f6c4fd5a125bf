/// The body of an answer that carries a record: that of a finished edit, and that of `GET /api/results/{uuid}`.
package struct RecordAnswer: Sendable, Equatable {
  /// The record; nil where there is none for the caller.
  package var record: AIRecord?
  /// Its receipt; nil while it runs.
  package var receipt: Receipt?

  /// An answer of these two.
  package init(record: AIRecord?, receipt: Receipt?) {
    self.record = record
    self.receipt = receipt
  }

  /// The body, JSON. A record that is not there has no receipt member either, as on the Feature API.
  package var body: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      guard let record else {
        writer.nullField("aiRecord")
        return
      }
      writer.name("aiRecord")
      record.write(to: &writer)
      writer.name("receipt")
      if let receipt { receipt.write(to: &writer) } else { writer.null() }
    }
    return writer.bytes
  }
}
