import HTTPTypes

/// The two shapes that an error is written in (docs/http.md, errors).
extension GatewayError {
  /// The member surface's shape, readable by clients of the flat and of the nested form alike; `details` is always a
  /// string of JSON.
  package var memberBody: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("errorCode", code.text)
      writer.field("message", message)
      writer.field("details", detailsText)
      writer.field("success", false)
      writer.object("error") { writer in
        writer.field("code", code.text)
        writer.field("message", message)
      }
    }
    return writer.bytes
  }

  /// The shape of Tally's own surface: problem details (RFC 9457) with `code`, and `errors` or `details` where there is
  /// more to say. `message` is what the packages of the API that reports follow show of an error, and all that they show.
  /// `requestID` lets an operator find the request.
  package func problemBody(requestID: String) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("type", "about:blank")
      writer.field("title", status.reasonPhrase)
      writer.field("status", status.code)
      writer.field("detail", message)
      writer.field("message", reasons)
      writer.field("code", code.text)
      writer.field("requestId", requestID)
      switch details {
      case .none: break
      case .faults(let faults):
        writer.array("errors") { writer in for fault in faults { fault.write(to: &writer) } }
      case .object(let json): writer.field("details", json: json)
      case .upstream(let text): writer.field("details", text)
      }
    }
    return writer.bytes
  }

  /// Faults of which `reasons` tells; the others stand in `errors`.
  private static let maximumReasons = 5

  /// What is wrong, in one text: each faulty field with its reason, or the message where no field is at fault.
  private var reasons: String {
    guard case .faults(let faults) = details, !faults.isEmpty else { return message }
    let told = faults.prefix(Self.maximumReasons).map { "\($0.field): \($0.message)" }.joined(separator: "; ")
    let rest = faults.count - Self.maximumReasons
    return rest > 0 ? "\(told); and \(rest) more" : told
  }

  /// The details as the string of JSON that the member surface carries.
  var detailsText: String {
    switch details {
    case .none: return "{}"
    case .faults(let faults):
      var writer = JSONWriter()
      writer.array { writer in for fault in faults { fault.write(to: &writer) } }
      return writer.text
    case .object(let json): return json
    case .upstream(let text): return text
    }
  }
}
