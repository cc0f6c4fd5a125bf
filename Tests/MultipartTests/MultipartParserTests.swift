import Multipart
import NIOCore
import Testing

@Suite struct MultipartParserTests {
  @Test func oneFileComesOutAsItWentIn() throws {
    let events = try Form.events(
      of: "--b\r\nContent-Disposition: form-data; name=\"asset\"; filename=\"a b.png\"\r\n"
        + "Content-Type: image/png\r\n\r\nhello\r\n--b--\r\n", boundary: "b")
    #expect(
      events == [
        .partBegan(MultipartPart(name: "asset", fileName: "a b.png", contentType: "image/png")),
        .bytes(ByteBuffer(string: "hello")), .partEnded, .finished,
      ])
  }

  /// What real clients send: no type, the type before the disposition, another field, names in any case.
  @Test func oddFormsOfRealClientsAreRead() throws {
    let events = try Form.events(
      of:
        "preamble\r\n--b  \t\r\ncontent-TYPE: image/webp\r\nCONTENT-disposition:form-data;filename=cat;name=asset\r\n\r\n"
        + "x\r\n--b\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\nIMAGE\r\n--b--epilogue", boundary: "b")
    #expect(
      events == [
        .partBegan(MultipartPart(name: "asset", fileName: "cat", contentType: "image/webp")),
        .bytes(ByteBuffer(string: "x")), .partEnded,
        .partBegan(MultipartPart(name: "type")), .bytes(ByteBuffer(string: "IMAGE")), .partEnded, .finished,
      ])
  }

  @Test(arguments: [
    "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--b--",
    "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n--b--",
  ])
  func emptyContentIsNoBytes(body: String) throws {
    let events = try Form.events(of: body, boundary: "b")
    #expect(events == [.partBegan(MultipartPart(name: "a")), .partEnded, .finished])
  }

  @Test(arguments: ["\r", "\n", "\r\n", "-b", "\r--b", "\n--b", "\r\n-", "\r\n--", "\r\n--a", "\r\r\n", "\0\r\n\r\n"])
  func contentThatResemblesABoundaryStaysContent(content: String) throws {
    let events = try Form.events(
      of: "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\(content)\r\n--b--", boundary: "b")
    #expect(
      events == [.partBegan(MultipartPart(name: "a")), .bytes(ByteBuffer(string: content)), .partEnded, .finished])
  }

  @Test func quotedNamesKeepTheirCharacters() throws {
    let events = try Form.events(
      of:
        "--b\r\nContent-Disposition: form-data; name=\"as;set\"; filename=\"C:\\cat \\\"1\\\".png\"\r\n\r\nx\r\n--b--",
      boundary: "b")
    #expect(events.first == .partBegan(MultipartPart(name: "as;set", fileName: "C:\\cat \"1\".png")))
  }

  static let faults: [(body: String, fault: MultipartError)] = [
    ("", .truncated),
    ("--b\r\n", .truncated),
    ("--b\r\nContent-Disposition: form-data; name=a\r\n\r\nhalf", .truncated),
    ("--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b", .truncated),
    ("--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b-", .truncated),
    (String(repeating: "p", count: 2_000) + "\r\n--b--", .preambleTooLong),
    ("--bx", .malformedBoundary),
    ("--b\rx", .malformedBoundary),
    ("--b-x", .malformedBoundary),
    ("--b\r\nno colon\r\n\r\n", .malformedHeader),
    ("--b\r\nContent-Disposition: form-data; name=a\nX: y\r\n\r\n", .malformedHeader),
    ("--b\r\n\r\n\r\n\r\n", .missingName),
    ("--b\r\nContent-Type: image/png\r\n\r\n", .missingName),
    ("--b\r\nContent-Disposition: attachment; name=a\r\n\r\n", .missingName),
    ("--b\r\nX: " + String(repeating: "x", count: 20_000), .headersTooLong),
    ("--b\r\nX: " + String(repeating: "x", count: 20_000) + "\r\n\r\n", .headersTooLong),
    (
      String(repeating: "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n", count: 33) + "--b--", .tooManyParts
    ),
  ]

  @Test(arguments: faults)
  func everyFaultIsNamed(body: String, fault: MultipartError) {
    #expect(throws: fault) { try Form.events(of: body, boundary: "b") }
    #expect(throws: fault, "byte by byte") { try Form.events(of: body, boundary: "b", cut: { _ in 1 }) }
  }

  @Test func headersThatAreNoTextAreAFault() throws {
    var parser = try MultipartParser(boundary: "b")
    #expect(throws: MultipartError.malformedHeader) {
      try parser.parse(ByteBuffer(bytes: Array("--b\r\nX: ".utf8) + [0xFF] + Array("\r\n\r\n".utf8)))
    }
  }

  /// A scan that goes back to the start with each piece would take minutes here.
  @Test func aLargeFileInSmallPiecesIsReadOnce() throws {
    var parser = try MultipartParser(boundary: "boundary")
    var total = 0
    var seen = 0
    func take(_ piece: ByteBuffer) throws {
      for case .bytes(let bytes) in try parser.parse(piece) { seen += bytes.readableBytes }
    }
    try take(ByteBuffer(string: "--boundary\r\nContent-Disposition: form-data; name=a\r\n\r\n"))
    let piece = ByteBuffer(bytes: (0..<1_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    while total < 50_000_000 {
      try take(piece)
      total += piece.readableBytes
    }
    try take(ByteBuffer(string: "\r\n--boundary--"))
    try parser.finish()
    #expect(seen == total)
  }
}
