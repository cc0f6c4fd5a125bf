import Multipart
import NIOCore

/// A form that was made, with the events that reading it must give.
struct Form {
  var boundary: String
  var body: [UInt8]
  var events: [MultipartEvent]

  /// A form of a few parts whose content is likely to look like a boundary.
  static func random(_ random: inout SeededGenerator) -> Form {
    let boundary = ["b", "--", "aab", "=_Part_1"].randomElement(using: &random) ?? "b"
    let pieces = ["\r", "\n", "\r\n", "-", "--", "\r\n-", "x", "\0", "\r\n--" + String(boundary.dropLast())]
    var form = Form(boundary: boundary, body: [], events: [])
    if Bool.random(using: &random) { form.body += Array("preamble\r\n".utf8) }
    for index in 0..<Int.random(in: 1...4, using: &random) {
      var content = ""
      for _ in 0..<Int.random(in: 0...12, using: &random) { content += pieces.randomElement(using: &random) ?? "" }
      // The one thing that content may not have.
      guard !contains("\r\n" + content + "\r\n", "\r\n--" + boundary) else { continue }
      form.body += Array(
        "--\(boundary)\r\nContent-Disposition: form-data; name=\"f\(index)\"\r\n\r\n\(content)\r\n".utf8)
      form.events.append(.partBegan(MultipartPart(name: "f\(index)")))
      if !content.isEmpty { form.events.append(.bytes(ByteBuffer(string: content))) }
      form.events.append(.partEnded)
    }
    form.body += Array("--\(boundary)--\r\nepilogue".utf8)
    form.events.append(.finished)
    return form
  }

  private static func contains(_ text: String, _ part: String) -> Bool {
    Array(text.utf8).firstRange(of: Array(part.utf8)) != nil
  }

  static func events(of body: String, boundary: String, cut: (Int) -> Int = { $0 }) throws -> [MultipartEvent] {
    try events(of: Array(body.utf8), boundary: boundary, cut: cut)
  }

  /// Reads a body in pieces as long as `cut` says of what is left, with the pieces of content put together again.
  static func events(of body: [UInt8], boundary: String, cut: (Int) -> Int) throws -> [MultipartEvent] {
    var parser = try MultipartParser(boundary: boundary)
    var events: [MultipartEvent] = []
    var rest = body[...]
    while !rest.isEmpty {
      let length = cut(rest.count)
      for event in try parser.parse(ByteBuffer(bytes: rest.prefix(length))) {
        if case .bytes(let new) = event, case .bytes(var old) = events.last {
          old.writeImmutableBuffer(new)
          events[events.count - 1] = .bytes(old)
        } else {
          events.append(event)
        }
      }
      rest = rest.dropFirst(length)
    }
    try parser.finish()
    return events
  }
}

/// Repeatable random numbers (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
