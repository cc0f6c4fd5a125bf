#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The description of the gateway's HTTP surface (OpenAPI 3.1), kept by hand in `openapi.json`; a test holds it against
/// the routes.
package struct OpenAPIDocument: Sendable {
  /// The document, JSON.
  package let bytes: [UInt8]

  /// What stands in the file for the address at which clients reach the gateway.
  private static let placeholder = "https://tally.example"

  /// The document for a gateway at `publicURL`; nil: wherever it was fetched from.
  package init(publicURL: String?) {
    let text = String(decoding: PackageResources.openapi_json, as: UTF8.self)
    // The address goes into a JSON string, so it is escaped like one; the quotes are there already.
    var writer = JSONWriter()
    writer.string(publicURL ?? "/")
    bytes = Array(
      text.replacing("\"\(OpenAPIDocument.placeholder)\"", with: writer.text, maxReplacements: 1).utf8)
  }
}
