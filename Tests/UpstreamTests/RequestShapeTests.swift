import Logging
import NIOCore
import Testing
import Upstream

/// What goes over the wire.
@Suite struct RequestShapeTests {
  @Test func editIsTheFeatureAPIsRequest() async throws {
    let server = RawServer { $0.answer(http("200 OK", headers: ["Set-Cookie: a=b"], record())) }
    var later = EditRequest.sample
    later.isAsync = true
    let edits = [EditRequest.sample, later]
    try await server.run { port in
      try await withProvider(port: port) { provider in
        for edit in edits { #expect(await provider.submit(edit, permit: { true }) == AnswerTableTests.done) }
      }
    }
    let head = server.requests[0].lowercased()
    #expect(head.hasPrefix("post /api/features http/1.1\r\n"))
    #expect(head.contains("\r\napi-key: \(testKey)\r\n"))
    #expect(head.contains("\r\ncontent-type: application/json\r\n"))
    #expect(head.contains("\r\nx-request-id: \(EditRequest.sample.requestID)\r\n"))
    #expect(!head.contains("tally"), "what connects a request with its permit stays inside")
    #expect(!server.requests[1].lowercased().contains("cookie"))
    let body = """
      "model":"gpt-image-1-mini","promptObject":{"background":"auto","imageUrl":"images/cat.png","n":1,\
      "output_compression":85,"output_format":"png","prompt":"as a \\"watercolor\\"/sketch","quality":"medium",\
      "size":"1024x1024"},"type":"IMAGE_EDITOR"}
      """
    #expect(server.requests[0].hasSuffix("\r\n\r\n{" + body))
    #expect(server.requests[1].hasSuffix("\r\n\r\n{\"async\":true," + body))
    #expect(server.connections == 1, "a connection is used again")
  }

  @Test func addressMayHaveAPath() async throws {
    let server = RawServer { $0.answer(http("200 OK", record())) }
    try await server.run { port in
      let configuration = try OneMinConfiguration(baseURL: "http://127.0.0.1:\(port)/one/", apiKey: testKey)
      let provider = OneMinProvider(configuration: configuration, logger: .init(label: "test"))
      #expect(await provider.submit(.sample, permit: { true }) == AnswerTableTests.done)
      await provider.shutdown()
    }
    #expect(server.requests.first?.hasPrefix("POST /one/api/features ") == true)
  }

  @Test func uploadIsAFormWithOneFile() async throws {
    let picture = String(repeating: "picture", count: 50_000)
    let answer = """
      {"asset":{"fieldname":"asset","size":12368,"mimetype":"image/png","bucket":"asset.1min.ai","key":"images/k.png",\
      "location":"https://asset.example/images/k.png","etag":"\\"2cb9\\""},"fileContent":{"uuid":"f-1",\
      "path":"images/k.png","type":"png","name":"k.png","content":"","createdAt":"2024-09-30T06:39:00.540Z"}}
      """
    let server = RawServer { $0.answer(http("200 OK", answer)) }
    let outcome = try await server.run { port in
      try await withProvider(port: port) { provider in
        await provider.upload(
          AssetUpload(
            requestID: "r-1", fileName: "a\"\r\n.png", mediaType: "image/png", bytes: ByteBuffer(string: picture)))
      }
    }
    guard case .stored(let asset) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(asset.key == "images/k.png")
    #expect(asset.location == "https://asset.example/images/k.png")
    #expect(asset.size == 12368)
    #expect(asset.etag == "\"2cb9\"")
    #expect(asset.fileUUID == "f-1" && asset.filePath == "images/k.png" && asset.fileName == "k.png")
    #expect(asset.createdAt == "2024-09-30T06:39:00.540Z")
    #expect(asset.assetJSON.hasPrefix(#"{"fieldname":"asset""#) && asset.fileContentJSON.hasSuffix(#"540Z"}"#))
    let request = try #require(server.requests.first)
    let boundary = try #require(request.split(separator: "boundary=").dropFirst().first?.prefix { $0 != "\r\n" })
    #expect(
      request.hasSuffix(
        "\r\n\r\n--\(boundary)\r\nContent-Disposition: form-data; name=\"asset\"; filename=\"a.png\"\r\n"
          + "Content-Type: image/png\r\n\r\n\(picture)\r\n--\(boundary)--\r\n"))
  }

  static let assetAnswers: [(answer: String, outcome: AssetOutcome)] = [
    (
      http("413 X", AnswerTableTests.flat),
      .notDone(
        Refusal(cause: .refused, httpStatus: 413, errorCode: "BAD", message: "No.", details: #"[{"field":"n"}]"#))
    ),
    (http("401 X", AnswerTableTests.flat), .notDone(Refusal(cause: .account, httpStatus: 401, errorCode: "BAD"))),
    (http("201 X", #"{"asset":{"key":"k"}}"#), .unknown(Uncertainty(cause: .unexpectedStatus, httpStatus: 201))),
    (http("200 OK", #"{"asset":{"key":""}}"#), .unknown(Uncertainty(cause: .unparseable, httpStatus: 200))),
    (http("200 OK", "{}"), .unknown(Uncertainty(cause: .unparseable, httpStatus: 200))),
    (http("500 X", ""), .unknown(Uncertainty(cause: .serverError, httpStatus: 500))),
    (http("200 OK", #"{"asset":{"key":"k"}}"#), .stored(StoredAsset(key: "k", assetJSON: #"{"key":"k"}"#))),
  ]

  @Test(arguments: assetAnswers)
  func everyAnswerToAnUploadHasItsOutcome(answer: String, outcome: AssetOutcome) async throws {
    let server = RawServer { $0.answerAndClose(answer) }
    try await server.run { port in
      let upload = AssetUpload(
        requestID: "r", fileName: "a.png", mediaType: "image/png", bytes: ByteBuffer(string: "x"))
      let answered = try await withProvider(port: port) { await $0.upload(upload) }
      #expect(answered == outcome)
    }
  }

  static let resultAnswers: [(answer: String, outcome: ResultOutcome)] = [
    (http("200 OK", record(status: "PROCESSING", results: "[]")), .processing),
    (http("200 OK", record(status: "FAILURE", results: "[]")), .failed(Refusal(cause: .refused, httpStatus: 200))),
    (http("200 OK", #"{"aiRecord":null}"#), .notFound),
    (http("200 OK", "{}"), .unanswered(Uncertainty(cause: .unparseable, httpStatus: 200))),
    (
      http("404 X", AnswerTableTests.nested),
      .refused(Refusal(cause: .refused, httpStatus: 404, errorCode: "BAD", message: "No."))
    ),
    (http("503 X", ""), .unanswered(Uncertainty(cause: .serverError, httpStatus: 503))),
  ]

  @Test(arguments: resultAnswers)
  func everyAnswerToAQuestionHasItsOutcome(answer: String, outcome: ResultOutcome) async throws {
    let server = RawServer { $0.answerAndClose(answer) }
    try await server.run { port in
      let answered = try await withProvider(port: port) { await $0.result(uuid: "rec-1") }
      #expect(answered == outcome)
    }
    #expect(server.requests.first?.hasPrefix("GET /api/results/rec-1 HTTP/1.1\r\n") == true)
  }

  @Test(arguments: ["", "..", "../features", "a/b", "a?b", "a b", "a\r\nX: y", String(repeating: "a", count: 129)])
  func idThatIsNoIdIsNeverAskedFor(uuid: String) async throws {
    let server = RawServer()
    try await server.run { port in
      let answered = try await withProvider(port: port) { await $0.result(uuid: uuid) }
      #expect(answered == .notFound)
    }
    #expect(server.connections == 0)
  }

  @Test(arguments: ["a\r\nX: y", "a b", "ü"])
  func requestIDThatIsNoHeaderIsNotSent(requestID: String) async throws {
    var edit = EditRequest.sample
    edit.requestID = requestID
    let server = RawServer()
    try await server.run { [edit] port in
      let outcome = try await withProvider(port: port) { await $0.submit(edit, permit: { true }) }
      #expect(outcome == .notDone(Refusal(cause: .notSent(.malformed))))
    }
    #expect(server.connections == 0)
  }
}
