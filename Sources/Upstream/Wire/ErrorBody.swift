/// An error as the provider sends it: flat as the live service does, or nested as its page documents (docs/feature-api.md).
struct ErrorBody: Decodable {
  var errorCode: String?
  var message: String?
  /// Usually JSON in a string.
  var details: String?
  /// Whether an aiRecord stands beside it: then it is the account of a failure, not a refusal of the request.
  var hasRecord: Bool

  private enum Key: String, CodingKey {
    case errorCode, message, details, error, code, aiRecord
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let nested = try? container.nestedContainer(keyedBy: Key.self, forKey: .error)
    func text(_ key: Key, _ nestedKey: Key) -> String? {
      let flat = try? container.decode(String.self, forKey: key)
      return [flat, try? nested?.decode(String.self, forKey: nestedKey)].lazy.compactMap { $0 }.first { !$0.isEmpty }
    }
    errorCode = text(.errorCode, .code)
    message = text(.message, .message)
    details = text(.details, .details)
    hasRecord = (try? container.decodeNil(forKey: .aiRecord)).map { !$0 } ?? false
    guard errorCode != nil || message != nil else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "neither an error code nor a message"))
    }
  }
}
