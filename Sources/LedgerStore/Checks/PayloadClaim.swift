import Crypto
import JSON
import Ledger

/// The Idempotency-Key that an edit came with, as the private payload of its line has it (docs/audit.md): the log's own
/// word, against which the table of keys is compared.
///
/// The statements load 1,024 bytes of a payload for it: its fields are sorted, so hash, address and key stand in front, and
/// a key has at most 255 characters, twice as many where each is escaped.
struct PayloadClaim: Sendable, Hashable {
  /// SHA-256 of the key's text.
  var keyDigest: Digest32
  /// SHA-256 of the body that it came with.
  var bodyHash: Digest32

  /// Reads the beginning of a payload; nil: the edit came without a key.
  init?(payload bytes: [UInt8]) {
    var key: String?
    var bodyHash: String?
    // Hash, address and key are ASCII. Whatever follows may be cut anywhere, so a fault behind them is none.
    if var cursor = try? JSONCursor(Array(bytes.prefix { $0 < 0x80 })) {
      try? cursor.object { (name, value) throws(MalformedJSON) in
        switch name {
        case "idempotencyKey": key = try value.string()
        case "bodyHash": bodyHash = try value.string()
        default: _ = try value.skip()
        }
      }
    }
    guard let key, let bodyHash, let hash = Digest32(bodyHash),
      let digest = Digest32(bytes: Array(SHA256.hash(data: Array(key.utf8))))
    else { return nil }
    keyDigest = digest
    self.bodyHash = hash
  }
}
