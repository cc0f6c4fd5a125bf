import NIOCore

extension MultipartPart {
  /// Reads a part's header lines, each preceded by its CR LF, in any order.
  ///
  /// - Throws: ``MultipartError/malformedHeader``, ``MultipartError/missingName``.
  init(headers: ByteBufferView) throws(MultipartError) {
    var name: String?
    var fileName: String?
    var contentType: String?
    for line in try Self.lines(of: headers) {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw .malformedHeader }
      guard let value = String(validating: HeaderFields.trimmed(line[(colon + 1)...]), as: UTF8.self) else {
        throw .malformedHeader
      }
      switch HeaderFields.lowercased(HeaderFields.trimmed(line[..<colon])) {
      case "content-disposition":
        var fields = HeaderFields(value)
        guard fields.readValue() == "form-data" else { throw .missingName }
        while let parameter = fields.readParameter() {
          if parameter.name == "name", name == nil { name = parameter.value }
          if parameter.name == "filename", fileName == nil { fileName = parameter.value }
        }
      case "content-type":
        contentType = value
      default:
        break
      }
    }
    guard let name else { throw .missingName }
    self.init(name: name, fileName: fileName, contentType: contentType)
  }

  private static func lines(of headers: ByteBufferView) throws(MultipartError) -> [ArraySlice<UInt8>] {
    let bytes = Array(headers)
    var lines: [ArraySlice<UInt8>] = []
    var start = 0
    while start < bytes.count {
      guard start + 2 <= bytes.count, bytes[start] == 0x0D, bytes[start + 1] == 0x0A else { throw .malformedHeader }
      start += 2
      let end = bytes[start...].firstIndex { $0 == 0x0D || $0 == 0x0A } ?? bytes.count
      lines.append(bytes[start..<end])
      start = end
    }
    return lines
  }
}
