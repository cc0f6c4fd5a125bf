import Foundation
package import Ledger
package import TransparencyLog

/// The keys that a gateway works with, and what the logs have to announce of them.
package struct ServingKeys: Sendable {
  /// What receipts are signed with: the receipt key, then the one that it replaced. Empty where there is none.
  package var receiptKeys: [NoteSigningKey]
  /// Public half of the key that signs heads; nil where this gateway has neither the key nor its vkey.
  package var headKey: String?

  /// Reads the keys that the settings name.
  ///
  /// A gateway on a database elsewhere may be without a receipt key, as long as nobody names one: its receipts then say
  /// where a line stands and are not signed.
  ///
  /// Throws `CommandFailure` where a file that is named is missing or is no key, or a key has another name than the logs.
  package init(_ settings: SettingsReader) throws {
    let files = KeyFiles(settings)
    let logName = settings.text(.logName) ?? ""
    let isNamed = settings.text(.receiptKeyFile) != nil
    var found: [URL] = []
    if isNamed || FileManager.default.fileExists(atPath: files.receiptKey.path) { found.append(files.receiptKey) }
    if let previous = settings.text(.previousReceiptKeyFile) {
      guard !found.isEmpty else {
        throw CommandFailure(
          .usage,
          "--\(Setting.previousReceiptKeyFile.name) is given and there is no receipt key that took its place: name it "
            + "with --\(Setting.receiptKeyFile.name)")
      }
      found.append(URL(filePath: previous))
    } else if !found.isEmpty, FileManager.default.fileExists(atPath: files.previousReceiptKey.path) {
      found.append(files.previousReceiptKey)
    }
    receiptKeys = []
    for file in found {
      // A reader looks the key up by the logs' name.
      let key = try KeyFiles.key(in: file, named: logName)
      // The same file twice signs once.
      if !receiptKeys.contains(where: { $0.verifier == key.verifier }) { receiptKeys.append(key) }
    }
    headKey = ServingKeys.headKey(files)
  }

  /// What each team's log has to announce.
  package var announcements: [LogKeyAnnounced] {
    receiptKeys.map { LogKeyAnnounced(use: .receipt, vkey: $0.verifierKey) }
      + [headKey].compactMap(\.self).map { LogKeyAnnounced(use: .checkpoint, vkey: $0) }
  }

  /// From the key's own file, or from the vkey beside its place, which a gateway that does not sign may have.
  static func headKey(_ files: KeyFiles) -> String? {
    if let key = try? KeyFiles.verifierKey(in: files.signingKey) { return key }
    let beside = KeyFiles.verifierKeyFile(of: files.signingKey)
    guard let bytes = FileManager.default.contents(atPath: beside.path) else { return nil }
    return NoteVerifierKey(text: String(decoding: bytes, as: UTF8.self))?.text
  }
}
