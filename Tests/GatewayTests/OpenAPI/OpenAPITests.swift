import Foundation
import Gateway
import HTTPTypes
import Testing

@Suite struct OpenAPITests {
  private func document(_ url: String? = nil) throws -> [String: Any] {
    let data = Data(OpenAPIDocument(publicURL: url).bytes)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func everyRouteIsDescribedAndNothingElse() throws {
    let paths = try #require(try document()["paths"] as? [String: [String: Any]])
    var described: Set<String> = []
    for (path, operations) in paths {
      for (method, operation) in operations {
        described.insert("\(method.uppercased()) \(path)")
        let id = try #require((operation as? [String: Any])?["operationId"] as? String)
        #expect(Route(rawValue: id)?.pattern == path)
      }
    }
    #expect(described == Set(Route.allCases.map { "\($0.method.rawValue) \($0.pattern)" }))
  }

  @Test func everyReferenceLeadsSomewhere() throws {
    let root = try document()
    let schemas = try #require((root["components"] as? [String: Any])?["schemas"] as? [String: Any])
    let text = String(decoding: OpenAPIDocument(publicURL: nil).bytes, as: UTF8.self)
    let names = text.matches(of: /"#\/components\/schemas\/(\w+)"/).map { String($0.1) }
    #expect(!names.isEmpty)
    for name in names { #expect(schemas[name] != nil, "\(name)") }
    for name in schemas.keys { #expect(names.contains(name), "\(name) is not used") }
  }

  @Test func publicAddressStandsInIt() throws {
    let servers = try document("https://tally.acme.test")["servers"] as? [[String: String]]
    #expect(servers == [["url": "https://tally.acme.test"]])
    #expect(try document()["servers"] as? [[String: String]] == [["url": "/"]])
  }

  @Test func fieldsOfAnEditAreThoseThatAreChecked() throws {
    let schemas = try #require((try document()["components"] as? [String: Any])?["schemas"] as? [String: Any])
    let prompt = try #require(schemas["PromptObject"] as? [String: Any])
    let properties = try #require(prompt["properties"] as? [String: [String: Any]])
    #expect(Set(properties.keys) == Set(EditSubmission.fieldNames))
    let rules = EditRules.gptImage1Mini
    #expect(properties["size"]?["enum"] as? [String] == rules.sizes)
    #expect(properties["quality"]?["enum"] as? [String] == rules.qualities)
    #expect(properties["output_format"]?["enum"] as? [String] == rules.formats)
    #expect(properties["background"]?["enum"] as? [String] == rules.backgrounds)
    #expect(properties["n"]?["maximum"] as? Int == rules.count.upperBound)
    #expect(properties["prompt"]?["maxLength"] as? Int == EditRules.promptScalars.upperBound)
  }
}
