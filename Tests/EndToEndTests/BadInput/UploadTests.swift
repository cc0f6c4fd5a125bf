import Foundation
import TallyTesting
import Testing

extension EndToEnd {
  @Suite("Uploads")
  struct UploadTests {
    private static let type = ["Content-Type": "multipart/form-data; boundary=\"a b\""]

    private func body(_ parts: [(headers: String, content: Data)]) -> Data {
      var body = Data()
      for part in parts {
        body.append(Data("--a b\r\n\(part.headers)\r\n\r\n".utf8))
        body.append(part.content)
        body.append(Data("\r\n".utf8))
      }
      body.append(Data("--a b--\r\n".utf8))
      return body
    }

    @Test("What real clients send is taken: no type, a wrong type, headers in another order, further fields")
    func oddButRealUploadsAreTaken() async throws {
      try await World.with { world in
        let member = try await world.makeMember()
        let client = world.http.with(key: member.key)
        let picture = try World.picture()
        let disposition = "Content-Disposition: form-data; name=\"asset\"; filename=\"cat\""
        let uploads = [
          [(disposition, picture)],
          [("\(disposition)\r\nContent-Type: application/octet-stream", picture)],
          [("Content-Type: image/jpeg\r\n\(disposition)", picture)],
          [("Content-Disposition: form-data; name=\"type\"", Data("IMAGE".utf8)), (disposition, picture)],
          [(disposition, picture), ("Content-Disposition: form-data; name=\"note\"", Data())],
        ]
        for (number, parts) in uploads.enumerated() {
          let answer = try await client.send(
            "POST", "/api/assets", body: body(parts.map { (headers: $0.0, content: $0.1) }), headers: Self.type)
          #expect(answer.status == 200, "\(number): \(answer.text)")
          let key = try #require(answer.json["asset"]["key"].string)
          #expect(answer.json["asset"]["originalname"].string == "cat")
          #expect(answer.json["asset"]["mimetype"].string == "image/png")
          #expect(answer.json["fileContent"]["path"].string == key)
          #expect(answer.json["asset"]["location"].string?.isEmpty == false)
          #expect(answer.json["fileContent"]["uuid"].string?.isEmpty == false)
        }
        let key = try await world.uploadPicture(as: member)
        #expect(try await world.submit(as: member, image: key).status == 200)
      }
    }

    @Test("An upload that is too large, empty or no picture is refused, and two teams never collide")
    func uploadsThatAreNoneAreRefused() async throws {
      try await World.with { world in
        let member = try await world.makeMember()
        let client = world.http.with(key: member.key)
        let large = try await client.upload(Data(repeating: 0x89, count: 51_000_000))
        expect(large, 413, "PAYLOAD_TOO_LARGE")
        expect(try await client.upload(Data()), 400, "INVALID_FIELDS")
        expect(try await client.upload(Data("GIF89a, not one of ours".utf8)), 415, "UNSUPPORTED_MEDIA_TYPE")
        expect(try await client.upload(Data("<html></html>".utf8)), 415, "UNSUPPORTED_MEDIA_TYPE")
        let plain = try await client.send(
          "POST", "/api/assets", body: try World.picture(), headers: ["Content-Type": "image/png"])
        expect(plain, 415, "UNSUPPORTED_MEDIA_TYPE")
        let other = body([("Content-Disposition: form-data; name=\"file\"", try World.picture())])
        expect(
          try await client.send("POST", "/api/assets", body: other, headers: Self.type), 400,
          "MISSING_REQUIRED_FIELDS")
        let cut = Data(
          body([("Content-Disposition: form-data; name=\"asset\"", try World.picture())]).dropLast(10))
        expect(
          try await client.send("POST", "/api/assets", body: cut, headers: Self.type), 400, "INVALID_FIELDS")
        #expect(try #require(world.sandbox).truthLog.calls().isEmpty)
        let stranger = try await world.makeMember(team: "other")
        let keys = [try await world.uploadPicture(as: member), try await world.uploadPicture(as: stranger)]
        #expect(keys[0] != keys[1])
      }
    }

    private func expect(_ answer: HTTP.Answer, _ status: Int, _ code: String) {
      #expect(answer.status == status, "\(answer.text.prefix(300))")
      #expect(answer.json["errorCode"].string == code)
      #expect(answer.json["error"]["code"].string == code)
      #expect(answer.json["details"].string != nil)
    }
  }
}
