import NIOCore

/// The body of `POST /api/features` for an image edit, in the Feature API's own names (docs/feature-api.md). Its keys
/// stand in order, so that the same request is always the same bytes.
struct FeatureBody {
  let edit: EditRequest

  init(_ edit: EditRequest) {
    self.edit = edit
  }

  var json: ByteBuffer {
    var text = ByteBuffer()
    text.reserveCapacity(edit.prompt.utf8.count + edit.imageUrl.utf8.count + 320)
    // `async` is left out of a synchronous request, as in the page's example.
    text.writeStaticString(edit.isAsync ? #"{"async":true,"model":"# : #"{"model":"#)
    text.writeJSON(edit.model)
    text.writeStaticString(#","promptObject":{"background":"#)
    text.writeJSON(edit.background)
    text.writeStaticString(#","imageUrl":"#)
    text.writeJSON(edit.imageUrl)
    text.writeString(#","n":\#(edit.n),"output_compression":\#(edit.outputCompression),"output_format":"#)
    text.writeJSON(edit.outputFormat)
    text.writeStaticString(#","prompt":"#)
    text.writeJSON(edit.prompt)
    text.writeStaticString(#","quality":"#)
    text.writeJSON(edit.quality)
    text.writeStaticString(#","size":"#)
    text.writeJSON(edit.size)
    text.writeStaticString(#"},"type":"IMAGE_EDITOR"}"#)
    return text
  }
}

extension ByteBuffer {
  /// Writes a string with its quotes, escaped as RFC 8259 asks for and not further.
  fileprivate mutating func writeJSON(_ string: String) {
    writeInteger(UInt8(ascii: "\""))
    let needsEscape = string.utf8.withContiguousStorageIfAvailable { $0.contains(where: Self.needsEscape) }
    if needsEscape ?? true {
      for byte in string.utf8 {
        if Self.needsEscape(byte) { writeEscape(byte) } else { writeInteger(byte) }
      }
    } else {
      writeString(string)
    }
    writeInteger(UInt8(ascii: "\""))
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private mutating func writeEscape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): writeStaticString("\\\"")
    case UInt8(ascii: "\\"): writeStaticString("\\\\")
    case 0x08: writeStaticString("\\b")
    case 0x09: writeStaticString("\\t")
    case 0x0A: writeStaticString("\\n")
    case 0x0C: writeStaticString("\\f")
    case 0x0D: writeStaticString("\\r")
    default: writeString("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
    }
  }
}
