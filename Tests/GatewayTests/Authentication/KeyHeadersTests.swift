import Gateway
import HTTPTypes
import Testing

@Suite struct KeyHeadersTests {
  private func key(_ fields: [(String, String)]) throws(GatewayError) -> APIKey {
    var headers = HTTPFields()
    for (name, value) in fields {
      if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
    }
    return try KeyHeaders.key(in: headers)
  }

  @Test(arguments: [
    [("API-KEY", Fixtures.key.text)], [("api-key", Fixtures.key.text)],
    [("Authorization", "Bearer \(Fixtures.key.text)")], [("authorization", "bearer  \(Fixtures.key.text)")],
    [("X-Auth-Token", "Bearer \(Fixtures.key.text)")],
    [("API-KEY", Fixtures.key.text), ("Authorization", "Bearer \(Fixtures.key.text)")],
  ])
  func keyIsFoundWhereClientsPutIt(fields: [(String, String)]) throws {
    #expect(try key(fields) == Fixtures.key)
  }

  @Test(arguments: [
    [], [("API-KEY", "")], [("API-KEY", "tally_nonsense")], [("Authorization", Fixtures.key.text)],
    [("Authorization", "Basic \(Fixtures.key.text)")], [("Authorization", "Bearer")],
    [("X-Auth-Token", Fixtures.key.text)], [("X-API-KEY", Fixtures.key.text)],
    [("API-KEY", Fixtures.key.text), ("Authorization", "Bearer tally_nonsense")],
    [("API-KEY", String(repeating: "a", count: 300))],
  ])
  func whatIsNoKeyIs401(fields: [(String, String)]) {
    let error = #expect(throws: GatewayError.self) { try key(fields) }
    #expect(error?.status == .unauthorized)
    #expect(error?.code == .invalidAPIKey)
  }

  @Test(arguments: ["Authorization", "X-Auth-Token", "API-KEY"])
  func twoKeysThatDifferAre401(second: String) {
    var generator = SeededGenerator(seed: 8)
    let other = APIKey.generate(using: &generator).text
    let value = second == "API-KEY" ? other : "Bearer \(other)"
    let error = #expect(throws: GatewayError.self) { try key([("API-KEY", Fixtures.key.text), (second, value)]) }
    #expect(error?.status == .unauthorized)
  }
}
