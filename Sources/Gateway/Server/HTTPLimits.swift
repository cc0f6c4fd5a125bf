/// Bounds of what is read from a client, each with its unit.
package enum HTTPLimits {
  /// A JSON body, in bytes (docs/http.md, bounds): a prompt of 4,000 characters has at most 48,000 as escapes.
  package static let jsonBodyBytes = 256 * 1_024
  /// A picture, in bytes: what the Feature API documents as 50 MB.
  package static let assetBytes = 50_000_000
  /// What a multipart body may have besides the picture, in bytes: boundaries, headers, a few short text fields.
  package static let assetOverheadBytes = 64 * 1_024
  /// One header field, in bytes; ours have less than 300, and a proxy adds a few.
  package static let headerFieldBytes = 16 * 1_024
  /// All header fields of a request, in bytes.
  package static let headerListBytes = 32 * 1_024
  /// Number of header fields.
  package static let headerCount = 100
  /// How long a JSON body may take to arrive: one packet on most lines.
  package static let jsonBodyTime = Duration.seconds(30)
  /// How long a picture may take to arrive: 50 MB at a slow 1.4 Mbit/s.
  package static let assetTime = Duration.seconds(300)
  /// A path in a log line, in bytes.
  package static let loggedPathBytes = 200
}
