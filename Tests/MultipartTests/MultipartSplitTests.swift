import Multipart
import NIOCore
import Testing

@Suite struct MultipartSplitTests {
  /// Any cutting of the same bytes gives the same events, and the parts come out as they went in.
  @Test func anySplitGivesTheSameEvents() throws {
    var seeds = SystemRandomNumberGenerator()
    for _ in 0..<300 {
      let seed = seeds.next()
      var random = SeededGenerator(seed: seed)
      let form = Form.random(&random)
      let whole = try Form.events(of: form.body, boundary: form.boundary, cut: { $0 })
      let bytewise = try Form.events(of: form.body, boundary: form.boundary, cut: { _ in 1 })
      let pieces = try Form.events(
        of: form.body, boundary: form.boundary, cut: { Int.random(in: 1...$0, using: &random) })
      #expect(whole == form.events, "seed \(seed)")
      #expect(bytewise == whole, "seed \(seed)")
      #expect(pieces == whole, "seed \(seed)")
    }
  }
}

@Suite struct MultipartBoundaryTests {
  @Test(arguments: [
    ("multipart/form-data; boundary=abc", "abc"),
    ("Multipart/Form-Data;charset=utf-8 ; BOUNDARY=\"a b'()+_,-./:=?\"", "a b'()+_,-./:=?"),
    ("multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW", "----WebKitFormBoundary7MA4YWxkTrZu0gW"),
  ])
  func boundaryIsFound(contentType: String, boundary: String) {
    #expect(MultipartParser.boundary(fromContentType: contentType) == boundary)
  }

  @Test(arguments: [
    "", "multipart/form-data", "multipart/mixed; boundary=abc", "application/json; boundary=abc",
    "multipart/form-data; boundary=", "multipart/form-data; boundary=\"a \"", "multipart/form-data; boundary=\"a\r\"",
    "multipart/form-data; boundary=" + String(repeating: "b", count: 71), "multipart/form-data; boundary=\"ü\"",
  ])
  func unusableBoundaryIsNone(contentType: String) {
    #expect(MultipartParser.boundary(fromContentType: contentType) == nil)
  }

  @Test func parserRefusesAnUnusableBoundary() {
    #expect(throws: MultipartError.invalidBoundary) { try MultipartParser(boundary: "") }
    #expect(throws: MultipartError.invalidBoundary) {
      try MultipartParser(boundary: String(repeating: "b", count: 71))
    }
  }
}
