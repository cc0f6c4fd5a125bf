extension MultipartParser {
  /// The boundary that a `Content-Type` names, or nil where it is not `multipart/form-data` or names no usable one.
  ///
  /// The parameter may be quoted, and may stand among others (RFC 9110 section 8.3.1).
  package static func boundary(fromContentType contentType: String) -> String? {
    var fields = HeaderFields(contentType)
    guard fields.readValue() == "multipart/form-data" else { return nil }
    while let parameter = fields.readParameter() {
      if parameter.name == "boundary" {
        return isBoundary(parameter.value.utf8) ? parameter.value : nil
      }
    }
    return nil
  }

  /// Whether these bytes may be a boundary: 1 to 70 of RFC 2046's `bchars`, not ending in a blank.
  static func isBoundary(_ bytes: String.UTF8View) -> Bool {
    guard (1...MultipartLimits.boundaryBytes).contains(bytes.count), bytes.last != 0x20 else { return false }
    return bytes.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"):
        true
      default: "'()+_,-./:=? ".utf8.contains(byte)
      }
    }
  }
}
