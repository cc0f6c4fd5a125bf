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

extension LogKeyRetired: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    use = try reader.field("use")
    vkey = try reader.field("vkey")
  }

  func write(to writer: inout LineWriter) {
    writer.field("use", use)
    writer.field("vkey", vkey)
  }
}

extension SignerRecovered: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    brought = try reader.field("brought")
    count = try reader.field("count")
    lost = try reader.field("lost")
    notExtending = try reader.field("notExtending")
    root = try reader.field("root")
    state = try reader.field("state")
  }

  func write(to writer: inout LineWriter) {
    writer.field("brought", brought)
    writer.field("count", count)
    writer.field("lost", lost)
    writer.field("notExtending", notExtending)
    writer.field("root", root)
    writer.field("state", state)
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
