/// Builds JSON text by appending. Answers have a fixed shape, so this costs a fraction of an encoder.
final class JSONWriter {
  private(set) var text = ""

  /// - Parameter bytes: how long the text will be, roughly; it keeps that much memory for as long as it lives.
  init(bytes: Int = 256) {
    text.reserveCapacity(bytes)
  }

  /// Appends text that is JSON already.
  @discardableResult
  func raw(_ json: String) -> JSONWriter {
    text += json
    return self
  }

  /// Appends a string with its quotes, or `null`.
  @discardableResult
  func string(_ value: String?) -> JSONWriter {
    guard let value else { return raw("null") }
    text += "\""
    if value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) {
      text += value
    } else {
      appendEscaped(value)
    }
    text += "\""
    return self
  }

  private func appendEscaped(_ value: String) {
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
  }
}
