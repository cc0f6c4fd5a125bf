import Crypto
import Foundation
package import LedgerStore
import TransparencyLog

/// The symmetric signature of Standard Webhooks 1.0.0 (section "Signature scheme").
package enum WebhookSignature {
  /// The header `webhook-signature` of a message: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`.
  /// - Parameters:
  ///   - id: the header `webhook-id`; it has no full stop, so that nobody can move what is signed across the parts.
  ///   - timestamp: the header `webhook-timestamp`, seconds since 1970.
  ///   - body: the bytes that are sent.
  package static func sign(id: String, timestamp: Int64, body: [UInt8], with secret: AlertSecret) -> String {
    var code = HMAC<SHA256>(key: SymmetricKey(data: secret.bytes))
    code.update(data: Array("\(id).\(timestamp).".utf8))
    code.update(data: body)
    return "v1,\(Base64.encode(Array(code.finalize())))"
  }
}

extension AlertSecret {
  /// What stands before the base64 of a secret's bytes, so that people and scanners know one when they see it.
  package static let prefix = "whsec_"
  /// Bytes of a secret that is made here.
  private static let madeByteCount = 32

  /// Reads `whsec_` and the base64 of 24 to 64 bytes; nil for any other text.
  package init?(text: String) {
    guard text.utf8.starts(with: Self.prefix.utf8),
      let bytes = Base64.decode(Array(text.utf8.dropFirst(Self.prefix.utf8.count)))
    else { return nil }
    self.init(bytes: bytes)
  }

  /// The secret as its receiver needs it.
  package var text: String { Self.prefix + Base64.encode(bytes) }

  /// A new secret of random bytes.
  package static func random() -> AlertSecret {
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<madeByteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    guard let secret = AlertSecret(bytes: bytes) else { preconditionFailure("the length is one that there is") }
    return secret
  }
}
