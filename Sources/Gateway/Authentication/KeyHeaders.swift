package import HTTPTypes

/// Finds the API key among a request's headers (docs/http.md, API keys): `API-KEY: k`, `Authorization: Bearer k`, or
/// `X-Auth-Token: Bearer k`. Several that agree are fine; two that differ are refused, since nobody could say whose
/// credits were meant.
package enum KeyHeaders {
  /// Longest header value that is looked at, in bytes: a key has 42, with `Bearer` 49.
  private static let maximumBytes = 256
  private static let scheme = "bearer"

  /// The key. Throws 401 where there is none, more than one, or one whose form or checksum is wrong.
  package static func key(in headers: HTTPFields) throws(GatewayError) -> APIKey {
    var found: APIKey?
    for field in headers {
      guard let text = try candidate(field) else { continue }
      guard text.utf8.count <= maximumBytes, let key = APIKey(text) else {
        throw .unauthenticated("The API key is not valid.")
      }
      if let found, found != key { throw .unauthenticated("The request has two API keys that differ.") }
      found = key
    }
    guard let found else {
      throw .unauthenticated("The request has no API key: send it as API-KEY, or as Authorization: Bearer.")
    }
    return found
  }

  private static func candidate(_ field: HTTPField) throws(GatewayError) -> String? {
    switch field.name {
    case .apiKey: return field.value
    case .authorization, .xAuthToken:
      guard let token = bearerToken(field.value) else {
        throw .unauthenticated("\(field.name.rawName) must be of the form: Bearer KEY.")
      }
      return token
    default: return nil
    }
  }

  /// What follows `Bearer` and blanks (RFC 9110 section 11.4: the scheme in any case); nil where that is not there.
  private static func bearerToken(_ value: String) -> String? {
    let bytes = Array(value.utf8)
    let scheme = bytes.prefix { $0 != UInt8(ascii: " ") }
    guard String(decoding: scheme, as: UTF8.self).lowercased().hasSameBytes(as: Self.scheme) else { return nil }
    let token = bytes.dropFirst(scheme.count).drop { $0 == UInt8(ascii: " ") }
    return token.isEmpty ? nil : String(decoding: token, as: UTF8.self)
  }
}

extension HTTPField.Name {
  /// The Feature API's own header for the key.
  static let apiKey = Self("API-KEY")!
  /// A third place where some clients put it.
  static let xAuthToken = Self("X-Auth-Token")!
  /// Names a request in logs, in and out.
  static let xRequestID = Self("X-Request-Id")!
  /// Makes retries safe (docs/http.md).
  static let idempotencyKey = Self("Idempotency-Key")!
}
