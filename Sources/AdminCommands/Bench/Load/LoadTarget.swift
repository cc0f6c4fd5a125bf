import Foundation
package import NIOHTTP1

/// The gateway that a load generator calls.
package struct LoadTarget: Sendable, Hashable {
  private static let defaultPort = 80

  /// Name or address, without brackets.
  package var host: String
  /// The port.
  package var port: Int
  /// What stands before the routes' own paths; empty for most.
  package var pathPrefix: String

  /// The address written as `text`, plain HTTP only; nil for anything else.
  package init?(_ text: String) {
    guard let parts = URLComponents(string: text), parts.scheme == "http", let host = parts.host, !host.isEmpty,
      parts.user == nil, parts.query == nil, parts.fragment == nil
    else { return nil }
    let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    self.host = bare
    port = parts.port ?? Self.defaultPort
    pathPrefix =
      parts.percentEncodedPath.hasSuffix("/") ? String(parts.percentEncodedPath.dropLast()) : parts.percentEncodedPath
  }

  /// The head of a POST with a body of `length` bytes.
  package func head(_ path: String, key: String, contentType: String, length: Int) -> HTTPRequestHead {
    let authority = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    return HTTPRequestHead(
      version: .http1_1, method: .POST, uri: pathPrefix + path,
      headers: [
        "host": authority, "api-key": key, "content-type": contentType, "content-length": String(length),
        "user-agent": "tally-bench",
      ])
  }
}
