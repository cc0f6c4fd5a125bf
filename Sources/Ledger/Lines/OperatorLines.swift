// The fields of these events in their lines, in the order of their keys. They are permanent (docs/audit.md).

extension PriceChanged: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    from = try reader.field("from")
    model = try reader.field("model")
    new = try reader.field("new")
    old = try reader.field("old")
    priceVersion = try reader.field("priceVersion")
    quality = try reader.field("quality")
    size = try reader.field("size")
  }

  func write(to writer: inout LineWriter) {
    writer.field("from", from)
    writer.field("model", model)
    writer.field("new", new)
    writer.field("old", old)
    writer.field("priceVersion", priceVersion)
    writer.field("quality", quality)
    writer.field("size", size)
  }
}

extension HeadsCovered: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    count = try reader.field("count")
    root = try reader.field("root")
  }

  func write(to writer: inout LineWriter) {
    writer.field("count", count)
    writer.field("root", root)
  }
}
