import Audit
import Ledger
import TransparencyLog

extension OutputRow {
  /// Adds what a check of a bundle tells beside its verdict, for scripts: people read it in the sentence.
  mutating func add(_ findings: Verification.Findings) {
    add("openingBook", nil, .string(findings.opening.rawValue))
    let uncompared = findings.uncompared.map {
      OutputValue.object(["log": .string($0.log), "index": .integer($0.index)])
    }
    add("uncomparedReceipts", nil, .list(uncompared))
    add("foreignTexts", nil, .list(findings.foreignTexts.map { .string($0) }))
    add("missingPayloads", nil, .optional(findings.missingPayloads))
    add("bookFault", nil, .optional(findings.bookFault.map { "\($0)" }))
    let recovered = findings.recovered.map {
      OutputValue.object([
        "oldLog": .string($0.oldLog), "oldSize": .integer($0.oldSize), "knownSize": .optional($0.knownSize),
        "knownRoot": .optional($0.knownRoot.flatMap { Digest(bytes: $0.bytes)?.base64 }),
      ])
    }
    add("recovered", nil, recovered ?? .null)
  }
}
